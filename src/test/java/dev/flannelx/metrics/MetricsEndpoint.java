package dev.flannelx.metrics;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** {@code /q/metrics} as Quarkus serves it: our metrics and the JVM's, in the format that the scraper accepts. */
final class MetricsEndpoint implements AutoCloseable {
    private final ScrapedRegistry registry = new ScrapedRegistry(Clock.SYSTEM);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final HttpServer server;

    MetricsEndpoint() throws IOException {
        garbageCollection.bindTo(registry.meters());
        new JvmMemoryMetrics().bindTo(registry.meters());
        new JvmThreadMetrics().bindTo(registry.meters());
        new ProcessorMetrics().bindTo(registry.meters());
        new UptimeMetrics().bindTo(registry.meters());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/q/metrics", exchange -> {
            String type =
                    ScrapedRegistry.contentType(exchange.getRequestHeaders().getFirst("Accept"));
            byte[] body = registry.text(type).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    MeterRegistry meters() {
        return registry.meters();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        garbageCollection.close();
    }
}
