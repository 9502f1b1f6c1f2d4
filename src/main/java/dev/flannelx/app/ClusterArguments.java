package dev.flannelx.app;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command is about; what is not said is as for kubectl. */
final class ClusterArguments {
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(10).toMillis();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "how to reach the API server (default: KUBECONFIG, or ~/.kube/config)")
    private @Nullable Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "of the kubeconfig (default: its current one)")
    private @Nullable String context;

    /**
     * A client that says at once what went wrong. It leaves no thread behind that would keep the command from ending.
     *
     * @throws InvalidInputException if the kubeconfig makes no sense, or names what is not there
     */
    KubernetesClient client() {
        Config config = new ConfigBuilder(config())
                .withRequestRetryBackoffLimit(0)
                .withConnectionTimeout(PATIENCE_MILLIS)
                .withRequestTimeout(PATIENCE_MILLIS)
                .build();
        try {
            return client(config);
        } catch (RuntimeException e) {
            // A certificate that is not there, say: what is thrown of it says only in its cause which.
            throw new InvalidInputException(List.of(
                    "%s is wrong: %s: want one by which the API server can be reached".formatted(name(), root(e))));
        }
    }

    private static String root(Throwable e) {
        return e.getCause() == null ? String.valueOf(e.getMessage()) : root(e.getCause());
    }

    private static KubernetesClient client(Config config) {
        // Else the JVM warns on stderr of what Netty does with its memory.
        System.setProperty("io.netty.noUnsafe", "true");
        return new KubernetesClientBuilder()
                .withHttpClientFactory(
                        new VertxHttpClientFactory(Vertx.vertx(new VertxOptions().setUseDaemonThread(true))))
                .withConfig(config)
                .build();
    }

    private Config config() {
        Config config = read();
        List<String> contexts =
                config.getContexts().stream().map(NamedContext::getName).toList();
        // One that is not there would be taken for the current one, which is of another cluster.
        if (context != null && !contexts.contains(context)) {
            throw wrong("--context " + context, "one of " + String.join(", ", contexts));
        }
        return config;
    }

    private Config read() {
        try {
            return kubeconfig == null
                    ? Config.autoConfigure(context)
                    : Config.fromKubeconfig(context, kubeconfig.toFile());
        } catch (RuntimeException e) {
            // Of whatever kind its parser threw.
            throw wrong(name(), "a kubeconfig");
        }
    }

    private String name() {
        return kubeconfig == null ? "KUBECONFIG" : "--kubeconfig " + kubeconfig;
    }

    private static InvalidInputException wrong(String what, String wanted) {
        return new InvalidInputException(List.of("%s is wrong: want %s".formatted(what, wanted)));
    }
}
