package dev.flannelx.metrics;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code /q/metrics} of the application itself: its registry, its binders, its format. */
@QuarkusTest
class ServedMetricsIT {
    private static final Pattern OF_THE_JVM = Pattern.compile("\\b(?:jvm|process)_[a-z_]+");

    @Inject
    MeterRegistry meters;

    private static Exposition scrape() {
        return Exposition.parse(given().accept("text/plain")
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    @Test
    void whatDashboardsAskOfTheJvmIsServed() throws IOException {
        System.gc();
        var asked = new TreeSet<String>();
        for (Dashboard.Target target : Dashboard.all().stream()
                .flatMap(dashboard -> dashboard.targets().stream())
                .toList()) {
            OF_THE_JVM.matcher(target.expression()).results().forEach(found -> asked.add(found.group()));
        }
        Exposition served = scrape();

        assertThat(asked)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(served.of(name)).as(name).isNotEmpty());
    }

    @Test
    void ourMetricsAreServedByTheSameNamesAndTypes() {
        var alone = new ScrapedRegistry(Clock.SYSTEM);
        try (var _ = EveryMetric.in(alone.meters());
                var _ = EveryMetric.in(meters)) {
            Map<String, String> served = new TreeMap<>(scrape().types());
            served.keySet().removeIf(name -> !name.startsWith("flannelx_"));
            assertThat(served).isEqualTo(alone.scrape().types());
        }
    }
}
