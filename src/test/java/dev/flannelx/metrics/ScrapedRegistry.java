package dev.flannelx.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import org.jspecify.annotations.Nullable;

/** The kind of registry that Quarkus makes; it is deprecated in favour of one that Quarkus does not use yet. */
@SuppressWarnings("deprecation")
public final class ScrapedRegistry {
    private final PrometheusMeterRegistry registry;

    public ScrapedRegistry(Clock clock) {
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new CollectorRegistry(), clock);
    }

    public MeterRegistry meters() {
        return registry;
    }

    /** What a scrape gets that accepts {@code text/plain}. */
    public String text() {
        return text(TextFormat.CONTENT_TYPE_004);
    }

    String text(String contentType) {
        return registry.scrape(contentType);
    }

    /** The format that a scraper gets, by its {@code Accept} header. */
    static String contentType(@Nullable String accept) {
        return TextFormat.chooseContentType(accept);
    }

    Exposition scrape() {
        return Exposition.parse(text());
    }
}
