package dev.flannelx.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A kube-apiserver with its etcd, on loopback and in a folder of its own, with RBAC and admission as in a cluster and no
 * controllers. {@code src/provision/apiserver.sh} puts the programs where they are looked for.
 */
public final class ApiServer implements AutoCloseable {
    private static final Path PROGRAMS =
            Path.of(System.getProperty("user.home"), ".kubeapitest/k8s/1.34.4-linux-amd64");
    private static final String ADMIN_TOKEN = UUID.randomUUID().toString();

    private static final class Shared {
        private static final ApiServer SERVER = startAndInstall();

        private static ApiServer startAndInstall() {
            try {
                var server = new ApiServer();
                Runtime.getRuntime().addShutdownHook(new Thread(server::close));
                server.start();
                server.kubectlOrFail("apply", "-k", "k8s/base");
                server.kubectlOrFail("wait", "--for=condition=Established", "crd", "--all");
                server.awaitPolicies();
                return server;
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What a program said. */
    public record Finished(int exitCode, String stdout, String stderr) {}

    private final Path folder = Files.createTempDirectory("flannelx-apiserver");
    private final int etcdPort = freePort();
    private final int peerPort = freePort();
    private final int port = freePort();
    private final List<Process> processes = new ArrayList<>();

    private ApiServer() throws IOException, GeneralSecurityException {
        Files.writeString(folder.resolve("tokens"), ADMIN_TOKEN + ",admin,admin,system:masters\n");
        byte[] key = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Files.writeString(
                folder.resolve("service-account.pem"),
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(folder.resolve("kubeconfig"), kubeconfig());
    }

    /** The one that the tests of this JVM share, with {@code k8s/base} applied. Keep your names apart. */
    public static ApiServer shared() {
        return Shared.SERVER;
    }

    /** Another one, empty, for tests that stop it or break it. */
    public static ApiServer startOwn() {
        try {
            var server = new ApiServer();
            server.start();
            return server;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts, with what is left from before a {@link #stop}; returns when it answers. */
    public void start() throws IOException {
        run(
                "etcd",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=http://127.0.0.1:" + etcdPort,
                "--advertise-client-urls=http://127.0.0.1:" + etcdPort,
                "--listen-peer-urls=http://127.0.0.1:" + peerPort,
                "--unsafe-no-fsync");
        run(
                "kube-apiserver",
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--cert-dir=" + folder.resolve("certificates"),
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--authorization-mode=RBAC",
                "--token-auth-file=" + folder.resolve("tokens"),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-signing-key-file=" + folder.resolve("service-account.pem"),
                "--service-account-key-file=" + folder.resolve("service-account.pem"),
                "--service-cluster-ip-range=10.96.0.0/16",
                "--allow-privileged=true",
                // Makes a Pod wait for its service account, which a controller would have to make in each namespace.
                "--disable-admission-plugins=ServiceAccount");
        try (KubernetesClient client = admin()) {
            Awaitility.await("the API server answers")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(() -> client.raw("/readyz"), "ok"::equals);
        }
    }

    /** Stops both at once, as a power cut would. */
    public void stop() {
        processes.reversed().forEach(Process::destroyForcibly);
        processes.forEach(ApiServer::awaitEnd);
        processes.clear();
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client that may do everything. */
    public KubernetesClient admin() {
        return as(ADMIN_TOKEN);
    }

    /** A client with that token. */
    public KubernetesClient as(String token) {
        return new KubernetesClientBuilder().withConfig(config(token)).build();
    }

    /** How to reach it with that token; failed requests are not repeated. */
    public Config config(String token) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withTrustCerts(true)
                .withDisableHostnameVerification(true)
                .withOauthToken(token)
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectInterval(200)
                .build();
    }

    public String url() {
        return "https://127.0.0.1:" + port;
    }

    /** Runs kubectl as one who may do everything. */
    public Finished kubectl(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(PROGRAMS.resolve("kubectl").toString());
        command.add("--kubeconfig=" + folder.resolve("kubeconfig"));
        command.addAll(List.of(arguments));
        Path stderr = Files.createTempFile(folder, "kubectl", ".err");
        Process process = new ProcessBuilder(command)
                .redirectError(stderr.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        try (InputStream stdout = process.getInputStream()) {
            String output = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
            return new Finished(process.waitFor(), output, Files.readString(stderr));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** A policy is in force a moment after it was created. */
    private void awaitPolicies() {
        for (String account : List.of("flannelx-agent", "flannelx-operator")) {
            Awaitility.await("the policy of " + account + " is in force")
                    .until(() -> kubectl(
                                    "create",
                                    "--dry-run=server",
                                    "--filename=k8s/examples/reservation.yaml",
                                    "--as=system:serviceaccount:flannelx-system:" + account,
                                    "--as-group=system:masters")
                            .stderr()
                            .contains("ValidatingAdmissionPolicy"));
        }
    }

    private void kubectlOrFail(String... arguments) throws IOException {
        Finished finished = kubectl(arguments);
        if (finished.exitCode() != 0) {
            throw new IllegalStateException("kubectl " + String.join(" ", arguments) + ": " + finished);
        }
    }

    private void run(String program, String... arguments) throws IOException {
        Path executable = PROGRAMS.resolve(program);
        if (!Files.isExecutable(executable)) {
            throw new IOException(executable + " is missing: run src/provision/apiserver.sh");
        }
        var command = new ArrayList<String>();
        command.add(executable.toString());
        command.addAll(List.of(arguments));
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(program + ".log").toFile()))
                .start());
    }

    private static void awaitEnd(Process process) {
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                users: [{name: admin, user: {token: "%s"}}]
                contexts: [{name: test, context: {cluster: test, user: admin}}]
                """.formatted(url(), ADMIN_TOKEN);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
