package dev.flannelx.app.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.FlannelNodeMapping;
import dev.flannelx.kube.NodeMapping;
import dev.flannelx.kube.Resources;
import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.kube.SeenNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusTextTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String READY = "ready: true, phase: Active, peers: {desired: 2, applied: 2, failing: 0}";
    private static final String FINE = """
            conditions:
              - {type: Ready, status: "True", reason: AllNodesReady, message: 2 of 2 nodes are ready}
              - {type: Progressing, status: "False", reason: UpToDate, message: every node has it}
            nodes: {ready: 2, total: 2, updated: 2}
            subnets: {allocated: 2, capacity: 254}
            """;

    private final List<GenericKubernetesResource> networks = new ArrayList<>();
    private final List<SeenFlannelNode> agents = new ArrayList<>();
    private final List<SeenNode> nodes = new ArrayList<>();

    @Test
    void saysThatNothingIsOutOfOrderAndWhoIsThere() {
        network("demo", "10.50.0.0/16", FINE);
        agent("node1", "11:59:20", READY + ", subnet: 10.50.1.0/24");
        agent("node2", "11:20:00", READY + ", subnet: 10.50.2.0/24");
        assertThat(text()).isEqualTo("""
                Nothing is out of order

                Networks
                  NETWORK  RANGE         STATE  READY  UPDATED  SUBNETS
                  demo     10.50.0.0/16  ready  2/2    2/2      2 of 254

                Nodes
                  NETWORK  NODE   STATE  GENERATION  SUBNET        PEERS  HEARD OF
                  demo     node1  ready  3           10.50.1.0/24  2/2    40s ago
                  demo     node2  ready  3           10.50.2.0/24  2/2    40m ago
                """);
    }

    @Test
    void whatIsOutOfOrderComesFirstWithWhatToDoAboutIt() {
        network("demo", "10.50.0.0/16", """
                conditions:
                  - {type: Ready, status: "True", reason: AllNodesReady, message: 2 of 2 nodes are ready}
                  - {type: Progressing, status: "False", reason: RolloutHalted, message: node node2 is not in order}
                nodes: {ready: 2, total: 2, updated: 1}
                subnets: {allocated: 2, capacity: 254}
                """);
        agent("node1", "11:59:20", READY + ", subnet: 10.50.1.0/24");
        agent("node2", "11:59:20", """
                ready: true, phase: Active, subnet: 10.50.2.0/24, reason: PeersFailing,
                message: "subnetAdd of 10.50.1.0/24: no route", peers: {desired: 1, applied: 0, failing: 1},
                failures: [{hook: subnetAdd, peer: 10.50.1.0/24, attempts: 7, exitCode: 2, message: no route}]""");
        assertThat(text()).isEqualTo("""
                Out of order
                  network demo: RolloutHalted: node node2 is not in order
                    try: kubectl edit fnet demo, or apply the spec that worked
                  node node2 in demo: PeersFailing: subnetAdd of 10.50.1.0/24: no route

                Networks
                  NETWORK  RANGE         STATE          READY  UPDATED  SUBNETS
                  demo     10.50.0.0/16  RolloutHalted  2/2    1/2      2 of 254

                Nodes
                  NETWORK  NODE   STATE         GENERATION  SUBNET        PEERS           HEARD OF
                  demo     node2  PeersFailing  3           10.50.2.0/24  0/1, 1 failing  40s ago
                  demo     node1  ready         3           10.50.1.0/24  2/2             40s ago

                Failing hooks
                  NETWORK  NODE   HOOK       PEER          ATTEMPTS  EXIT  LAST LINE OF STDERR
                  demo     node2  subnetAdd  10.50.1.0/24  7         2     no route
                """);
    }

    @Test
    void namesNodesThatAreSilentOrNotReadyOrWithoutAnAgent() {
        network("demo", "10.50.0.0/16", FINE);
        agent("node1", "08:59:00", READY);
        agent("node2", "11:59:20", READY);
        node("node2", "Unknown");
        node("node3", "True");
        assertThat(text())
                .contains("  node node3: no agent has said anything\n    try: kubectl -n flannelx-system get pods")
                .contains("  node node1: Silent: the agent was heard of last: 3h ago\n")
                .contains("  node node2: NodeNotReady\n    try: kubectl get nodes\n")
                .containsPattern("demo +node1 +Silent")
                .containsPattern("demo +node2 +NodeNotReady");
    }

    @Test
    void aNodeThatNoNetworkSelectsIsNobodysTrouble() {
        network("demo", "10.50.0.0/16, nodeSelector: {role: worker}", FINE);
        node("node1", "False");
        assertThat(text()).startsWith("Nothing is out of order\n");
    }

    @Test
    void saysWhichNetworksMakeNoSenseOrOverlapThoughNoOperatorLooked() {
        network("broken", "10.60.0.1/16", "");
        network("demo", "10.50.0.0/16", FINE);
        network("late", "10.50.128.0/17", FINE);
        assertThat(text())
                .contains("  network broken: InvalidNetwork: network 10.60.0.1/16 has host bits")
                .contains(
                        "  network broken: no operator has looked at it\n    try: kubectl -n flannelx-system get pods")
                .contains("  network late: Overlaps: it overlaps the older network demo\n")
                .containsPattern("broken +- +InvalidNetwork +- +- +-\n")
                .containsPattern("late +10.50.128.0/17 +Overlaps");
    }

    @ParameterizedTest
    @CsvSource({
        "229, few subnets are left: 229 of 254 are taken",
        "254, PoolExhausted: 254 of 254 subnets are taken; without one: node9"
    })
    void saysThatSubnetsRunOut(int allocated, String what) {
        network("demo", "10.50.0.0/16", """
                conditions:
                  - {type: Ready, status: "True"}
                  - type: PoolExhausted
                    status: "%s"
                    message: "254 of 254 subnets are taken; without one: node9"
                subnets: {allocated: %d, capacity: 254}
                """.formatted(allocated == 254 ? "True" : "False", allocated));
        assertThat(text()).contains("  network demo: " + what + "\n    try: kubectl get slease\n");
    }

    @Test
    void aPoolWithRoomIsNoTrouble() {
        network("demo", "10.50.0.0/16", FINE.replace("allocated: 2", "allocated: 228"));
        assertThat(text()).startsWith("Nothing is out of order\n").contains("228 of 254");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "annotations: {flannelx.dev/paused: 'true'} | Paused: no hook of it runs | Paused",
                "deletionTimestamp: '2026-03-01T11:59:00Z' | is being deleted: waiting for node1 | TearingDown",
                "generation: 4 | no operator has looked at generation 4 yet | RollingOut",
                "generation: 3 | is being rolled out: 1 of 2 nodes have generation 3 | RollingOut"
            })
    void whatIsUnderWayIsNotOutOfOrder(String metadata, String what, String state) {
        networks.add(Resources.yaml("""
                apiVersion: flannelx.dev/v1alpha1
                kind: FlannelNetwork
                metadata: {name: demo, uid: demo, %s}
                spec: {network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: add}}
                status:
                  observedGeneration: %d
                  conditions:
                    - {type: Progressing, status: "True", message: 1 of 2 nodes have generation 3}
                    - {type: TearingDown, status: "True", message: waiting for node1}
                """.formatted(metadata.strip(), metadata.startsWith("generation") ? 3 : 0)));
        agent("node1", "11:59:20", "ready: false, phase: Configuring");
        assertThat(text())
                .startsWith("Nothing is out of order\n\nUnder way\n")
                .contains("  network demo: " + what.strip() + "\n")
                .contains("  node node1 in demo: Configuring\n")
                .containsPattern("demo +10.50.0.0/16 +" + state.strip());
    }

    @Test
    void manyNodesWithTheSameTroubleAreOneLineAndTwentyRows() {
        network("demo", "10.50.0.0/16", FINE);
        IntStream.range(0, 100)
                .forEach(i -> agent(
                        "node%02d".formatted(i),
                        "11:59:20",
                        "ready: false, phase: Configuring, reason: StartupFailing, message: exec format error"));
        agent("spare", "11:59:20", READY);
        assertThat(text())
                .contains("  nodes node00, node01, node02 and 97 more in demo: StartupFailing: exec format error\n")
                .contains("node19")
                .doesNotContain("node20")
                .endsWith("  and 81 more: --all shows them\n");
        assertThat(text(true)).contains("node20", "spare").doesNotContain("--all");
    }

    @Test
    void aNetworkThatIsGoneIsShownAsLongAsANodeHasIt() {
        agent("node1", "11:59:20", "ready: false, phase: Paused, reason: NetworkGone, message: it stays as it is");
        assertThat(text())
                .contains("  node node1 in demo: NetworkGone: it stays as it is\n")
                .containsPattern("demo +node1 +NetworkGone");
    }

    @Test
    void whatTheOperatorKnowsOfNodesIsSaidWhereNoNodeSaysIt() {
        String status = FINE.replace("\"True\", reason: AllNodesReady", "\"False\", reason: NodesNotReady")
                .replace("2 of 2 nodes are ready", "'1 of 2 nodes are ready; not ready: node2'");
        network("demo", "10.50.0.0/16", status);
        agent("node1", "11:59:20", READY);
        assertThat(text())
                .contains("  network demo: NodesNotReady: 1 of 2 nodes are ready; not ready: node2\n")
                .containsPattern("demo +10.50.0.0/16 +NotReady");
    }

    @Test
    void aPublicAddressThatTwoClaimIsSaid() {
        String shared = "2 of 2 nodes are ready; public address 192.0.2.1 is claimed by node1, node2";
        network("demo", "10.50.0.0/16", FINE.replace("2 of 2 nodes are ready", "'" + shared + "'"));
        assertThat(text()).contains("  network demo: public address 192.0.2.1 is claimed by node1, node2\n");
    }

    @Test
    void ofOneNetworkItSaysNothingOfOthers() {
        network("demo", "10.50.0.0/16", FINE);
        network("other", "10.50.0.0/17", "");
        agent("node1", "11:59:20", READY);
        var state = ClusterState.of(networks, agents, nodes);
        assertThat(StatusText.of(state.only("demo").orElseThrow(), view(false))).doesNotContain("other");
        assertThat(StatusText.of(state.only("other").orElseThrow(), view(false)))
                .contains("it overlaps the older network demo")
                .doesNotContain("node1");
        assertThat(state.only("nope")).isEmpty();
    }

    @Test
    void saysThatItWasNotAllowedToLookAtNodes() {
        network("demo", "10.50.0.0/16", FINE);
        agents.add(seen("node1", "11:59:20", READY));
        assertThat(text()).endsWith("\nNodes themselves were not looked at: this user may not list them.\n");
    }

    @Test
    void anEmptyClusterIsSaidToBeEmpty() {
        node("node1", "True");
        assertThat(text()).isEqualTo("there is no FlannelNetwork in the cluster: kubectl apply makes one\n");
    }

    @Test
    void whatAHookPrintedCannotSpeakToTheTerminal() {
        network("demo", "10.50.0.0/16", FINE);
        agent("node1", "11:59:20", """
                ready: true, phase: Active, reason: PeersFailing, message: "a\\e[2Jb\\u009bc",
                failures: [{hook: subnetAdd, attempts: 1, message: "\\u202eevil\\n"}]""");
        assertThat(text()).contains("PeersFailing: a?[2Jb?c", "?evil?").doesNotContain("\u001b", "\u009b", "\u202e");
    }

    @Test
    void stylesTheVerdictAndTheTitles() {
        network("demo", "10.50.0.0/16", "");
        String text = StatusText.of(
                ClusterState.of(networks, agents, nodes),
                new StatusText.View(false, NOW, (style, part) -> "<" + style + ":" + part + ">"));
        assertThat(text).startsWith("<bad:Out of order>\n").contains("<bold:Networks>\n");
    }

    private void network(String name, String spec, String status) {
        networks.add(Resources.yaml("""
                apiVersion: flannelx.dev/v1alpha1
                kind: FlannelNetwork
                metadata: {name: %s, uid: %s, generation: 3}
                spec: {network: %s, backend: {type: extension, subnetAddCommand: add}}
                """.formatted(name, name, spec)
                + (status.isEmpty() ? "" : "status:\n  observedGeneration: 3\n" + status.indent(2))));
    }

    /** A Node that is ready, with an agent. */
    private void agent(String name, String heartbeat, String standing) {
        agents.add(seen(name, heartbeat, standing));
        if (nodes.stream().noneMatch(node -> node.name().equals(name))) {
            node(name, "True");
        }
    }

    private static SeenFlannelNode seen(String name, String heartbeat, String standing) {
        return FlannelNodeMapping.seen(Resources.yaml("""
                apiVersion: flannelx.dev/v1alpha1
                kind: FlannelNode
                metadata: {name: %s}
                status:
                  renewTime: 2026-03-01T%s.000000Z
                  networks: {demo: {generation: 3, %s}}
                """.formatted(name, heartbeat, standing)));
    }

    private void node(String name, String ready) {
        nodes.removeIf(node -> node.name().equals(name));
        nodes.add(NodeMapping.seen(Resources.yaml("""
                apiVersion: v1
                kind: Node
                metadata: {name: %s, uid: %s}
                status: {conditions: [{type: Ready, status: "%s"}]}
                """.formatted(name, name, ready))));
    }

    private String text() {
        return text(false);
    }

    private String text(boolean all) {
        return StatusText.of(ClusterState.of(networks, agents, nodes), view(all));
    }

    private static StatusText.View view(boolean all) {
        return new StatusText.View(all, NOW, (style, part) -> part);
    }
}
