package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Clock;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What dashboards and alerts ask for is exported, and what is exported is asked for. */
class MetricsInUseTest {
    private static final Pattern METRIC = Pattern.compile("\\bflannelx_[a-z_]+");

    private static Set<String> inUse() throws IOException {
        Stream<String> queries = Stream.concat(
                Dashboard.all().stream()
                        .flatMap(dashboard -> Stream.concat(
                                dashboard.targets().stream().map(Dashboard.Target::expression),
                                dashboard.variables().stream()
                                        .map(variable ->
                                                variable.at("/query/query").asText()))),
                AlertRules.read().alerts().stream().map(AlertRules.Alert::expression));
        var names = new TreeSet<String>();
        queries.forEach(query -> METRIC.matcher(query).results().forEach(found -> names.add(found.group())));
        return names;
    }

    @Test
    void everyNameInUseIsExported() throws IOException {
        var registry = new ScrapedRegistry(Clock.SYSTEM);
        EveryMetric.in(registry.meters());
        Exposition exported = registry.scrape();

        assertThat(inUse())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(exported.of(name)).as(name).isNotEmpty());
    }

    @Test
    void everythingExportedIsOnADashboard() throws IOException {
        var registry = new ScrapedRegistry(Clock.SYSTEM);
        EveryMetric.in(registry.meters());
        String used = String.join(" ", inUse());

        assertThat(registry.scrape().types().keySet())
                .filteredOn(name -> !name.endsWith("_max"))
                .allSatisfy(name -> assertThat(used).contains(name));
    }
}
