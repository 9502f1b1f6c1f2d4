package dev.flannelx.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextReportTest {
    @Test
    void showsLeasesHooksPingsAndScenarios() {
        assertThat(TextReport.of(SampleReport.oneFamily(), (style, text) -> text))
                .isEqualTo("""
                Leases
                  NODE    SUBNET         PUBLIC IP   BACKEND DATA
                  node2   10.50.2.0/24   192.0.2.2   -
                  node10  10.50.10.0/24  192.0.2.10  two

                Hooks
                  NODE    HOOK         RUNS  FAILED  MEDIAN  LONGEST
                  node2   preStartup   1     0       1.5 ms  1.5 ms
                  node2   subnetAdd    2     2       3.0 ms  3.0 ms
                  node2   subnetBatch  1     0       1.5 ms  1.5 ms
                  node10  preStartup   1     0       1.5 ms  1.5 ms

                Pings, pod to pod, round trip in ms
                  FROM \\ TO  node2  node10
                  node2      .      0.13
                  node10     LOST   .

                FAILED  smoke    1 of 2 pings answered
                ok      leave    node2 was removed
                network demo, seed 7
                """);
    }

    @Test
    void stylesWhatStandsOutAndNothingElse() {
        String text = TextReport.of(SampleReport.oneFamily(), (style, part) -> "<" + style + ":" + part + ">");
        assertThat(text).contains("<bold:Leases>\n", "<bold:Hooks>\n", "<bold:Pings, pod to pod, round trip in ms>\n");
        assertThat(text).contains("node10     <bad:LOST>   .", "<bad:FAILED>  smoke", "<good:ok    >  leave");
        assertThat(text.chars().filter(each -> each == '<')).hasSize(6);
    }

    @Test
    void hasAMatrixForEachFamily() {
        assertThat(TextReport.of(SampleReport.bothFamilies(), (style, text) -> text))
                .contains("""
                Pings, pod to pod, round trip in ms
                  FROM \\ TO  node1  node2
                  node1      .      0.50
                  node2      12.35  .

                Pings, pod to pod, round trip in ms (IPv6)
                  FROM \\ TO  node1  node2
                  node1      .      0.50
                  node2      12.35  .
                """);
    }
}
