package dev.flannelx.kube;

import dev.flannelx.lab.api.ApiServerPrograms;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The throw-away API server, with what tests want of it: one that they share, kubectl, clients that say at once what went
 * wrong. {@code src/provision/apiserver.sh} puts the programs where they are looked for.
 */
public final class ApiServer implements AutoCloseable {
    private static final VertxHttpClientFactory HTTP =
            new VertxHttpClientFactory(Vertx.vertx(new VertxOptions().setUseDaemonThread(true)));

    private static final class Shared {
        private static final ApiServer SERVER = startInstalled();
    }

    /** What a program said. */
    public record Finished(int exitCode, String stdout, String stderr) {}

    private final ApiServerPrograms programs = ApiServerPrograms.find();
    private final Path folder = Files.createTempDirectory("flannelx-apiserver");
    private final dev.flannelx.lab.api.ApiServer server = new dev.flannelx.lab.api.ApiServer(programs, folder);

    private ApiServer() throws IOException {}

    /** The one that the tests of this JVM share, with {@code k8s/base} applied. Keep your names apart. */
    public static ApiServer shared() {
        return Shared.SERVER;
    }

    /** Another one with {@code k8s/base} applied, which goes with this JVM. */
    public static ApiServer startInstalled() {
        try {
            var server = new ApiServer();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            server.start();
            server.applyTypes("-k", "k8s/base");
            server.awaitPolicies();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another one, empty, for tests that stop it or break it. */
    public static ApiServer startOwn() {
        try {
            var server = new ApiServer();
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts, with what is left from before a {@link #stop}; returns when it answers. */
    public void start() throws IOException {
        server.start();
        Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig(server.port()));
    }

    /** Stops both at once, as a power cut would. */
    public void stop() {
        server.stop();
    }

    @Override
    public void close() {
        server.close();
    }

    /** Its store, for what one does to that behind its back. */
    public Etcd etcd() {
        return new Etcd(programs.folder(), folder, server.etcdPort());
    }

    /** A client that may do everything. */
    public KubernetesClient admin() {
        return client(atOnce(server.adminConfig()));
    }

    /** A client with that token. */
    public KubernetesClient as(String token) {
        return client(config(token));
    }

    /** A client of that configuration. All share their threads, which nobody ends: outside Quarkus each would make some. */
    public static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder()
                .withHttpClientFactory(HTTP)
                .withConfig(config)
                .build();
    }

    /** How to reach it with that token; failed requests are not repeated. */
    public Config config(String token) {
        return atOnce(server.config(token));
    }

    private static Config atOnce(Config config) {
        return new ConfigBuilder(config)
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectInterval(200)
                .build();
    }

    /** The token of one who may do everything. */
    public String adminToken() {
        return server.adminConfig().getOauthToken();
    }

    public String url() {
        return "https://127.0.0.1:" + server.port();
    }

    /** Runs kubectl as one who may do everything. */
    public Finished kubectl(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(programs.kubectl().toString());
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

    /** Runs kubectl as one who may do everything; it must work. */
    public void kubectlOrFail(String... arguments) throws IOException {
        Finished finished = kubectl(arguments);
        if (finished.exitCode() != 0) {
            throw new IllegalStateException("kubectl " + String.join(" ", arguments) + ": " + finished);
        }
    }

    /** Applies what has types in it, and waits until they are served. */
    public void applyTypes(String... arguments) throws IOException {
        kubectlOrFail(Stream.concat(Stream.of("apply"), Stream.of(arguments)).toArray(String[]::new));
        kubectlOrFail("wait", "--for=condition=Established", "crd", "--all");
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
}
