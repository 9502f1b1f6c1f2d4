package dev.flannelx.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** The object of {@code lab --json}, to the letter: people have programs that read it. */
class JsonReportTest {
    @Test
    void isTheDocumentedObjectWithNullForWhatIsAbsent() throws JsonProcessingException {
        assertThat(pretty(SampleReport.oneFamily())).isEqualTo(pretty("""
                {"network": "demo", "ok": false, "seed": 7,
                 "nodes": [
                  {"name": "node2", "subnet": "10.50.2.0/24", "ipv6Subnet": null,
                   "publicIP": "192.0.2.2", "publicIPv6": null, "backendData": ""},
                  {"name": "node10", "subnet": "10.50.10.0/24", "ipv6Subnet": null,
                   "publicIP": "192.0.2.10", "publicIPv6": null, "backendData": "two\\nlines"}],
                 "reachability": [
                  {"from": "node2", "to": "node10", "family": "ipv4", "ok": true, "rttMillis": 0.125},
                  {"from": "node10", "to": "node2", "family": "ipv4", "ok": false, "rttMillis": null}],
                 "hooks": [
                  {"node": "node10", "hook": "preStartup", "peer": null,
                   "attempt": 1, "exitCode": 0, "millis": 1.5, "stderr": ""},
                  {"node": "node2", "hook": "subnetAdd", "peer": "10.50.10.0/24",
                   "attempt": 1, "exitCode": 1, "millis": 1.5, "stderr": "File exists\\n"},
                  {"node": "node2", "hook": "subnetAdd", "peer": "10.50.10.0/24",
                   "attempt": 2, "exitCode": null, "millis": 3.0, "stderr": ""},
                  {"node": "node2", "hook": "subnetBatch", "peer": "10.50.9.0/24 10.50.10.0/24",
                   "attempt": 1, "exitCode": 0, "millis": 1.5, "stderr": ""},
                  {"node": "node2", "hook": "preStartup", "peer": null,
                   "attempt": 1, "exitCode": 0, "millis": 1.5, "stderr": ""}],
                 "scenarios": [
                  {"name": "smoke", "ok": false, "detail": "1 of 2 pings answered"},
                  {"name": "leave", "ok": true, "detail": "node2 was removed"}]}
                """));
    }

    @Test
    void hasBothFamilies() throws JsonProcessingException {
        assertThat(JsonReport.of(SampleReport.bothFamilies()).get("ok").booleanValue())
                .isTrue();
        assertThat(JsonReport.of(SampleReport.bothFamilies())
                        .get("nodes")
                        .get(0)
                        .toString())
                .isEqualTo("{\"name\":\"node1\",\"subnet\":\"10.50.1.0/24\",\"ipv6Subnet\":\"fd00:50:0:1::/64\","
                        + "\"publicIP\":\"192.0.2.1\",\"publicIPv6\":\"2001:db8::1\",\"backendData\":\"a\"}");
        assertThat(JsonReport.of(SampleReport.bothFamilies())
                        .get("reachability")
                        .findValuesAsText("family"))
                .containsExactly("ipv4", "ipv4", "ipv6", "ipv6");
    }

    /** The text, so that the order of the fields counts too. */
    private static String pretty(LabReport report) throws JsonProcessingException {
        return pretty(JsonReport.of(report).toString());
    }

    private static String pretty(String json) throws JsonProcessingException {
        return new ObjectMapper().readTree(json).toPrettyString();
    }
}
