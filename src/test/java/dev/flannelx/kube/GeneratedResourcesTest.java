package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.RandomResources.Generated;
import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Specs;
import dev.flannelx.reconcile.SeenNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Whatever somebody wrote, be it by switching schema and policies off: what is wrong with it is said and harms nothing
 * else. Ten times a thousand of each kind.
 */
class GeneratedResourcesTest {
    private static final int COUNT = 1000;

    @RepeatedTest(10)
    void goodLeasesCountAmongNonsense(RepetitionInfo repetition) {
        var random = new RandomResources(repetition.getCurrentRepetition());
        Map<String, String> problems = new HashMap<>();
        var cache = new LeaseCache(() -> {}, problems::put);
        List<Generated> all = Stream.generate(random::lease).limit(COUNT).toList();
        cache.listed(all.subList(0, COUNT / 2).stream().map(Generated::resource).toList());
        all.subList(COUNT / 2, COUNT).forEach(one -> cache.changed(one.resource()));

        List<Lease> readable = cache.leases().orElseThrow();
        assertThat(names(readable)).containsAll(goodNames(all)).doesNotContainAnyElementsOf(problems.keySet());
        assertThat(readable).hasSize(COUNT - problems.size());
        assertThat(problems).hasSizeGreaterThan(COUNT / 10);
        assertThat(counted(readable)).containsAll(goodNames(all));
    }

    /** The names of those that become peers. */
    private static Set<String> counted(List<Lease> leases) {
        var counted = new HashSet<String>();
        for (int number = 0; number < RandomResources.NETWORKS; number++) {
            String name = "fuzz" + number;
            List<Lease> ofNetwork = leases.stream()
                    .filter(lease -> lease.network().equals(name))
                    .toList();
            counted.addAll(names(CountedLeases.of(Specs.named(name, "network: 10.0.0.0/8"), ofNetwork)
                    .counted()));
        }
        return counted;
    }

    @RepeatedTest(10)
    void goodNetworksAreValidAndOfOthersEachProblemIsNamed(RepetitionInfo repetition) {
        var random = new RandomResources(repetition.getCurrentRepetition());
        var invalid = new ArrayList<String>();
        for (int i = 0; i < COUNT; i++) {
            Generated generated = random.network();
            SeenNetwork seen = NetworkMapping.seen(generated.resource());
            switch (seen.decoded()) {
                case Decoded.Valid _ -> {}
                case Decoded.Invalid(List<String> problems) -> {
                    assertThat(generated.good()).as("%s", generated).isFalse();
                    assertThat(problems).isNotEmpty().noneMatch(String::isBlank);
                    assertThat(problems)
                            .allSatisfy(problem -> assertThat(problem).hasSizeLessThan(1000));
                    invalid.addAll(problems);
                }
            }
        }
        assertThat(invalid).hasSizeGreaterThan(COUNT / 10);
    }

    @RepeatedTest(10)
    void whatANodeSaysIsReadAsFarAsItMakesSense(RepetitionInfo repetition) {
        var random = new RandomResources(repetition.getCurrentRepetition());
        for (int i = 0; i < COUNT; i++) {
            Generated generated = random.flannelNode();
            SeenFlannelNode seen = FlannelNodeMapping.seen(generated.resource());

            if (generated.good()) {
                assertThat(seen.networks()).as("%s", generated).hasSize(1);
                assertThat(seen.networks().values().iterator().next().failures())
                        .hasSize(1);
                assertThat(seen.renewTime()).isNotNull();
            }
        }
    }

    private static Set<String> names(List<Lease> leases) {
        return leases.stream()
                .map(lease -> LeaseMapping.name(lease.network(), lease.subnet()))
                .collect(Collectors.toSet());
    }

    private static Set<String> goodNames(List<Generated> all) {
        return all.stream()
                .filter(Generated::good)
                .map(one -> one.resource().getMetadata().getName())
                .collect(Collectors.toSet());
    }
}
