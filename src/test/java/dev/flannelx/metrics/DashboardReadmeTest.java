package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DashboardReadmeTest {
    @Test
    void theReadmeSaysWhatEachPanelAnswersInTheirOrder() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String overview = between(readme, "\nOverview, the whole cluster:\n", "\nNode, one agent");
        String node = between(readme, "\nNode, one agent", "\n## ");

        for (Dashboard dashboard : Dashboard.all()) {
            String section = dashboard.name().equals("node") ? node : overview;
            assertThat(section.lines()
                            .filter(line -> line.matches("\\| .+ \\| .+\\? \\|"))
                            .map(line -> line.replaceAll("^\\| (.+) \\| .+ \\|$", "$1")))
                    .containsExactlyElementsOf(dashboard.panels().stream()
                            .map(Dashboard.Panel::title)
                            .toList());
        }
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from);
        assertThat(start).as(from).isNotNegative();
        return text.substring(start, text.indexOf(to, start + from.length()));
    }
}
