package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseCacheTest {
    private final List<String> heard = new ArrayList<>();
    private final LeaseCache cache =
            new LeaseCache(() -> heard.add("wake"), (name, problem) -> heard.add(name + ": " + problem));

    @Test
    void knowsNothingBeforeTheFirstList() {
        assertThat(cache.leases()).isEmpty();

        cache.listed(List.of());
        assertThat(cache.leases()).isEqualTo(Optional.of(List.of()));
        assertThat(heard).containsExactly("wake");
    }

    @Test
    void aListReplacesWhatWasThere() {
        cache.listed(List.of(lease(1, "node1"), lease(2, "node2")));
        cache.listed(List.of(lease(2, "node3"), lease(3, "node4")));

        assertThat(cache.leases().orElseThrow()).extracting(Lease::node).containsExactlyInAnyOrder("node3", "node4");
        assertThat(heard).containsExactly("wake", "wake");
    }

    @Test
    void aListWithoutNewsWakesNobody() {
        cache.listed(List.of(lease(1, "node1"), nonsense("demo-x")));
        heard.clear();
        cache.listed(List.of(nonsense("demo-x"), lease(1, "node1")));

        assertThat(heard).isEmpty();
    }

    @Test
    void eventsAreTakenInOneByOne() {
        cache.listed(List.of());
        cache.changed(lease(1, "node1"));
        cache.changed(lease(2, "node2"));
        cache.changed(lease(2, "node3"));
        cache.deleted(lease(1, "node1"));

        assertThat(cache.leases().orElseThrow())
                .extracting(Lease::subnet, Lease::node)
                .containsExactly(tuple(subnet(2), "node3"));
        assertThat(heard).hasSize(5);
    }

    @Test
    void anEventThatWasHeardAlreadyWakesNobody() {
        cache.listed(List.of(lease(1, "node1")));
        heard.clear();
        cache.changed(lease(1, "node1"));
        cache.deleted(lease(2, "node2"));

        assertThat(heard).isEmpty();
    }

    @Test
    void nonsenseIsReportedOnceUntilItChanges() {
        cache.listed(List.of(nonsense("demo-x")));
        cache.changed(nonsense("demo-x"));
        cache.listed(List.of(nonsense("demo-x")));
        cache.changed(nonsense("demo-y"));

        assertThat(cache.leases()).isEqualTo(Optional.of(List.of()));
        assertThat(heard)
                .containsExactly(
                        "demo-x: its name is not that of its subnet: want demo-10-50-9-0-24",
                        "wake",
                        "demo-y: its name is not that of its subnet: want demo-10-50-9-0-24",
                        "wake");
    }

    @Test
    void whatStopsBeingALeaseIsNone() {
        cache.listed(List.of(lease(1, "node1")));
        GenericKubernetesResource spoilt = lease(1, "node1");
        spoilt.setAdditionalProperty("spec", Map.of("network", "demo", "subnet", "everything"));
        cache.changed(spoilt);

        assertThat(cache.leases()).isEqualTo(Optional.of(List.of()));
        assertThat(heard).hasSize(3);
    }

    private static GenericKubernetesResource lease(int number, String node) {
        return resource("demo-10-50-%d-0-24".formatted(number), node, subnet(number));
    }

    private static GenericKubernetesResource nonsense(String name) {
        return resource(name, "node9", subnet(9));
    }

    private static GenericKubernetesResource resource(String name, String node, Subnet subnet) {
        var resource = new GenericKubernetesResource();
        resource.setMetadata(new ObjectMetaBuilder().withName(name).build());
        resource.setAdditionalProperty(
                "spec", Map.of("network", "demo", "nodeName", node, "subnet", subnet.toString()));
        return resource;
    }

    private static Subnet subnet(int number) {
        return new Subnet(Cidr.parse("10.50.%d.0/24".formatted(number)).orElseThrow(), null);
    }
}
