package dev.flannelx.lab.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A kube-apiserver with its etcd, on loopback and in a folder of its own, with RBAC and admission as in a cluster and no
 * controllers. It is thrown away: nothing is made safe against a crash of the machine.
 */
public final class ApiServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long NAP_MILLIS = 200;
    private static final int LAST_WORDS = 600;

    private final ApiServerPrograms programs;
    private final Path folder;
    private final String adminToken = UUID.randomUUID().toString();
    private final int etcdPort = Ports.free();
    private final int peerPort = Ports.free();
    private final int port = Ports.free();
    private final List<Process> processes = new ArrayList<>();
    /** All clients share its threads, none of which keeps the process from ending. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));

    /**
     * One that does not run yet.
     *
     * @param folder its own, made if it is not there and deleted by {@link #close}
     */
    public ApiServer(ApiServerPrograms programs, Path folder) throws IOException {
        this.programs = programs;
        this.folder = folder;
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tokens"), adminToken + ",admin,admin,system:masters\n");
        Files.writeString(folder.resolve("service-account.pem"), privateKey());
    }

    private static String privateKey() {
        try {
            byte[] key = KeyPairGenerator.getInstance("RSA")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    /**
     * Starts, with what is left from before a {@link #stop}; returns when it answers.
     *
     * @throws IOException with its last words, if it does not
     */
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
                // Without it, it looks for a default route, which an isolated namespace does not have.
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
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
        awaitAnswer();
    }

    private void run(String program, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(programs.program(program).toString());
        command.addAll(List.of(arguments));
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(program).toFile()))
                .start());
    }

    private Path log(String program) {
        return folder.resolve(program + ".log");
    }

    private void awaitAnswer() throws IOException {
        // The last thing that is made before it listens for the first time.
        await(() -> Files.exists(folder.resolve("certificates/apiserver.key")));
        Config once =
                new ConfigBuilder(adminConfig()).withRequestRetryBackoffLimit(0).build();
        try (KubernetesClient client = client(once)) {
            await(() -> answers(client));
        }
    }

    private void await(BooleanSupplier condition) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end || !processes.stream().allMatch(Process::isAlive)) {
                String lastWords = lastWords("etcd") + lastWords("kube-apiserver");
                stop();
                throw new IOException("the API server does not answer: " + lastWords);
            }
            try {
                Thread.sleep(NAP_MILLIS);
            } catch (InterruptedException e) {
                stop();
                throw new IOException("interrupted", e);
            }
        }
    }

    private static boolean answers(KubernetesClient client) {
        try {
            return "ok".equals(client.raw("/readyz"));
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    private String lastWords(String program) throws IOException {
        String log = Files.readString(log(program));
        return "\n" + program + ": " + log.substring(Math.max(0, log.length() - LAST_WORDS));
    }

    /** Stops both at once, as a power cut would. */
    public void stop() {
        processes.reversed().forEach(Process::destroyForcibly);
        processes.forEach(ApiServer::awaitEnd);
        processes.clear();
    }

    private static void awaitEnd(Process process) {
        try {
            boolean _ = process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        stop();
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Where its etcd listens, without TLS. */
    public int etcdPort() {
        return etcdPort;
    }

    /** A client of one who may do everything. */
    public KubernetesClient admin() {
        return client(adminConfig());
    }

    /** A client with that token. */
    public KubernetesClient client(String token) {
        return client(config(token));
    }

    private KubernetesClient client(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new VertxHttpClientFactory(vertx))
                .build();
    }

    /** How to reach it as one who may do everything. */
    public Config adminConfig() {
        return config(adminToken);
    }

    /** How to reach it with that token. */
    public Config config(String token) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + port)
                .withCaCertFile(certificate().toString())
                .withOauthToken(token)
                .build();
    }

    /** The certificate that it shows, with that of who signed it: made anew when it first starts, for 127.0.0.1. */
    private Path certificate() {
        return folder.resolve("certificates/apiserver.crt");
    }

    /**
     * A kubeconfig for one who may do everything.
     *
     * @param reachedAt the port of 127.0.0.1 at which it is reached
     */
    public String kubeconfig(int reachedAt) throws IOException {
        String authority = Base64.getEncoder().encodeToString(Files.readAllBytes(certificate()));
        return """
                apiVersion: v1
                kind: Config
                current-context: flannelx
                clusters: [{name: flannelx, cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}}]
                users: [{name: admin, user: {token: "%s"}}]
                contexts: [{name: flannelx, context: {cluster: flannelx, user: admin}}]
                """.formatted(reachedAt, authority, adminToken);
    }
}
