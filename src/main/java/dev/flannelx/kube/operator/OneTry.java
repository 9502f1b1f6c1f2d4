package dev.flannelx.kube.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.time.Duration;

/** A client that says at once what went wrong: whoever tries again knows better when, and whether. */
final class OneTry {
    private OneTry() {}

    /** The same client, but for that; {@code timeout} is for one request. */
    static KubernetesClient of(KubernetesClient client, Duration timeout) {
        return client.newClient(
                        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                                .withRequestRetryBackoffLimit(0)
                                .withRequestTimeout((int) timeout.toMillis())
                                .build())
                .adapt(KubernetesClient.class);
    }
}
