package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Etcd;
import dev.flannelx.kube.Resources;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a node that turned against the others can write into its leases. What it may not write at all,
 * {@code PoliciesIT} has.
 */
class HostileLeasesIT {
    private static final Logger AGENT = Logger.getLogger("dev.flannelx.app.agent");

    private static final Formatter MESSAGE = new PatternFormatter("%s");

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler logs = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(MESSAGE.format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @TempDir
    private Path folder;

    private Fleet fleet;
    private TestNode a;
    private TestNode evil;

    @BeforeEach
    void gather() throws IOException {
        AGENT.addHandler(logs);
        fleet = new Fleet(folder);
        evil = fleet.node("e");
        fleet.create(fleet.usual());
        a = fleet.join("a");
        Fleet.await().until(() -> a.isSettled(fleet.network(), 0));
    }

    @AfterEach
    void dismiss() throws InterruptedException {
        AGENT.removeHandler(logs);
        fleet.close();
    }

    @Test
    void nonsenseIsRefusedThoughItsWriterMayWriteTheLease() {
        try (KubernetesClient writer = ApiServer.shared().as(fleet.token("e"))) {
            int free = (fleet.third(a) + 1) % 250 + 1;
            refused(writer, free, ", backendData: " + "x".repeat(100_000), "spec.backendData: Too long");
            refused(writer, free, ", backendData: \"\\e[2J\"", "spec.backendData");
            refused(writer, free, ", publicIP: '1;$(id)'", "want an IPv4 address in its canonical form");
            refused(writer, free, ", backendType: \"'; id; '\"", "spec.backendType");
            refused(writer, free, ", ipv6Subnet: 'fd00::/64`id`'", "want an IPv6 subnet in its canonical form");
        }
    }

    @Test
    void backendDataIsDataWhateverItSays() throws Exception {
        String data = "$(touch %1$s) `touch %1$s`; touch %1$s".formatted(canary());
        writeAsItsNode(fleet.lease(evil, subnetOfEvil(), ", publicIP: 192.0.2.5, backendData: '%s'".formatted(data)));

        Fleet.await().until(() -> a.isSettled(fleet.network(), 1));
        assertThat(fleet.hooks(a))
                .last()
                .isEqualTo("add %s 192.0.2.5 %s %s".formatted(fleet.subnet(subnetOfEvil()), evil.name(), data));
        assertThat(canary()).doesNotExist();
    }

    @Test
    void aLeaseThatLiesOffTheGridIsSkippedAndReportedUntilItGoes() throws Exception {
        String subnet = fleet.subnet(subnetOfEvil()).replace("/24", "/25");
        String name = fleet.network() + "-" + subnet.replaceAll("[./]", "-");
        writeAsItsNode(Resources.flannelx(
                "SubnetLease",
                name,
                "{network: %s, nodeName: %s, subnet: %s, publicIP: 192.0.2.5}"
                        .formatted(fleet.network(), evil.name(), subnet)));
        String report = "%s: subnet %s does not lie on the network's grid".formatted(subnet, subnet);
        awaitReport("LeasesSkipped", report);
        assertThat(a.isSettled(fleet.network(), 0)).isTrue();

        fleet.kubectl("delete", "slease", name);
        awaitReport("", "");
    }

    private void awaitReport(String reason, String message) {
        Fleet.await()
                .untilAsserted(() -> assertThat(a.written(fleet.network())).hasValueSatisfying(written -> {
                    assertThat(written.reason()).isEqualTo(reason);
                    assertThat(written.message()).isEqualTo(message);
                }));
    }

    @Test
    void whatNoApiServerWouldLetInIsSkippedAndReportedAndNeverExecuted() throws Exception {
        String payload = "$(touch %1$s)`touch %1$s`;touch %1$s".formatted(canary());
        List<Forced> forced = List.of(
                new Forced("publicIP", payload, "publicIP $(touch"),
                new Forced("nodeName", payload, "nodeName is wrong"),
                new Forced("subnet", fleet.subnet(1) + payload, "subnet " + fleet.subnet(1) + "$(touch"),
                new Forced("backendType", payload, "backendType is wrong"),
                new Forced("backendData", "x".repeat(100_000), "backend data has 100000 bytes"),
                new Forced("backendData", "\u001b]0;" + payload, "backend data has the character U+001B"));
        Etcd etcd = ApiServer.shared().etcd();
        int first = subnetOfEvil() + 1;
        try {
            for (int number = 0; number < forced.size(); number++) {
                String name = fleet.leaseName(first + number);
                etcd.put("subnetleases", name, json(name, first + number, forced.get(number)));
            }
            // What comes after them shows that they have been seen.
            writeAsItsNode(fleet.lease(evil, subnetOfEvil(), ", publicIP: 192.0.2.5, backendData: last"));

            Fleet.await().until(() -> a.isSettled(fleet.network(), 1));
            assertThat(fleet.hooks(a))
                    .filteredOn(line -> line.startsWith("add "))
                    .hasSize(1);
            for (Forced lease : forced) {
                assertThat(logged).anyMatch(line -> line.startsWith("lease skipped") && line.contains(lease.report()));
            }
            assertThat(canary()).doesNotExist();
            Fleet.await()
                    .until(() -> a.written(fleet.network())
                            .filter(written -> written.reason().equals("LeasesSkipped")
                                    && written.message().contains("and 3 more"))
                            .isPresent());
            assertThat(a.isReady()).isTrue();
        } finally {
            for (int number = 0; number < forced.size(); number++) {
                etcd.delete("subnetleases", fleet.leaseName(first + number));
            }
        }
    }

    /**
     * A lease that is wrong in one field.
     *
     * @param report what is to be said of it
     */
    private record Forced(String field, String value, String report) {}

    private Path canary() {
        return folder.resolve("canary");
    }

    private int subnetOfEvil() {
        return (fleet.third(a) + 10) % 200 + 2;
    }

    private void writeAsItsNode(GenericKubernetesResource lease) {
        try (KubernetesClient writer = ApiServer.shared().as(fleet.token("e"))) {
            writer.resource(lease).create();
        }
    }

    private void refused(KubernetesClient writer, int third, String more, String message) {
        assertThatThrownBy(() -> writer.resource(fleet.lease(evil, third, more)).create())
                .hasMessageContaining("is invalid")
                .hasMessageContaining(message);
    }

    /** The lease as etcd would hold it. */
    private String json(String name, int third, Forced wrong) {
        var spec = new HashMap<String, Object>(Map.of(
                "network",
                fleet.network(),
                "nodeName",
                fleet.network() + "-forced" + third,
                "subnet",
                fleet.subnet(third),
                "publicIP",
                "192.0.2.66",
                "backendType",
                "extension"));
        spec.put(wrong.field(), wrong.value());
        var metadata = Map.of(
                "name",
                name,
                "uid",
                UUID.randomUUID().toString(),
                "creationTimestamp",
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return Serialization.asJson(Map.of(
                "apiVersion", "flannelx.dev/v1alpha1", "kind", "SubnetLease", "metadata", metadata, "spec", spec));
    }
}
