package dev.flannelx.kube.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.flannelx.kube.ApiServer;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Answers like an API server that has nothing but the leader's lease, one request at a time. */
final class LeasePretender implements AutoCloseable {
    /** Done before the lease is read. */
    volatile Runnable meanwhile = () -> {};

    private final HttpServer server;
    private final KubernetesClient client;
    private @Nullable Lease lease;
    private int version;

    LeasePretender() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
        client = ApiServer.client(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .build());
    }

    KubernetesClient client() {
        return client;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestMethod().equals("GET")) {
                meanwhile.run();
            } else {
                version++;
                lease = Serialization.unmarshal(exchange.getRequestBody(), Lease.class);
                lease.getMetadata().setResourceVersion(String.valueOf(version));
            }
            byte[] body =
                    lease == null ? new byte[0] : Serialization.asJson(lease).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(lease == null ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
