package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lab with the kernel, the shell and the pings of this machine. */
class LabIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static OrdinaryUser user;

    @BeforeAll
    static void letAnOrdinaryUserRead() throws IOException {
        user = new OrdinaryUser(directory);
        user.copy(Path.of("src/examples"), "examples");
        user.copy(Path.of("k8s/examples"), "cluster-examples");
    }

    private static LabProcess start(List<String> prefix, String... arguments) throws IOException {
        return LabProcess.start(
                directory,
                prefix,
                user.classPath(),
                Stream.concat(Stream.of("lab"), Stream.of(arguments)).toArray(String[]::new));
    }

    /** Runs a lab to its end, which leaves nothing. */
    private static CommandRun run(List<String> prefix, String... arguments) throws IOException, InterruptedException {
        Set<String> before = traces();
        try (LabProcess lab = start(prefix, arguments)) {
            CommandRun run = lab.end();
            assertThat(lab.living()).isEmpty();
            assertThat(traces()).isEqualTo(before);
            return run;
        }
    }

    /** What a lab would leave behind if it worked on the machine and not in a sandbox. */
    private static Set<String> traces() throws IOException {
        var traces = new TreeSet<String>();
        List.of("/run/lab", "/run/nodes").stream()
                .filter(path -> Files.exists(Path.of(path)))
                .forEach(traces::add);
        try (var links = Files.list(Path.of("/sys/class/net"))) {
            links.map(link -> link.getFileName().toString())
                    .filter(name -> name.matches("br0|pod0|n[0-9]+x[0-9]+|flannel-.*"))
                    .forEach(traces::add);
        }
        try (var lines = Files.lines(Path.of("/proc/self/mounts"))) {
            lines.filter(line -> line.contains("/run/lab") || line.contains("/run/nodes"))
                    .forEach(traces::add);
        }
        return traces;
    }

    @ParameterizedTest
    @CsvSource({
        "host-gw.json, host-gw",
        "vxlan.json, vxlan",
        "host-gw.yaml, host-gw",
        "vxlan.yaml, vxlan",
        "wireguard.yaml, wireguard"
    })
    void playsEveryScenarioForAnOrdinaryUser(String example, String network) throws Exception {
        String file = directory.resolve("examples").resolve(example).toString();
        CommandRun run = run(user.words(), file, "--nodes", "5", "--scenario", "all", "--seed", "7", "--json");

        assertThat(run.exitCode()).as("%s%s", run.out(), run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(run.out().lines()).hasSize(1);
        assertThat(report.get("network").textValue()).isEqualTo(network);
        assertThat(report.get("ok").booleanValue()).isTrue();
        assertThat(report.get("seed").longValue()).isEqualTo(7);
        assertThat(report.get("scenarios").findValuesAsText("name"))
                .containsExactly("smoke", "restart", "leave", "flaky");
        assertThat(report.get("nodes").findValuesAsText("name"))
                .containsExactly("node1", "node2", "node3", "node4", "node5");
        assertThat(Set.copyOf(report.get("nodes").findValuesAsText("subnet"))).hasSize(5);
        assertThat(reached(report, "ipv4")).containsExactlyInAnyOrderElementsOf(pairs(5));
        assertThat(reached(report, "ipv6")).isEmpty();
        hasTheFieldsOfTheDesign(report);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nodesHaveTheSubnetsThatAControllerManagerHandedThem(boolean api) throws Exception {
        String file = directory.resolve("cluster-examples/node-pod-cidr.yaml").toString();
        List<String> arguments = new ArrayList<>(List.of(file, "--scenario", "leave", "--timeout", "3m", "--json"));
        if (api) {
            arguments.add("--api");
        }
        CommandRun run = run(user.wordsWithApiServer(), arguments.toArray(String[]::new));

        assertThat(run.exitCode()).as("%s%s", run.out(), run.err()).isZero();
        assertThat(new ObjectMapper().readTree(run.out()).get("scenarios").findValuesAsText("detail"))
                .singleElement()
                .asString()
                .matches("node([1-3]) was removed by the others, and 10\\.70\\.\\1\\.0/24 is free again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vxlan.json", "host-gw.json", "vxlan.yaml"})
    void playsEveryScenarioOverAnApiServerForAnOrdinaryUser(String example) throws Exception {
        String file = directory.resolve("examples").resolve(example).toString();
        CommandRun run = run(
                user.wordsWithApiServer(),
                file,
                "--api",
                "--scenario",
                "all",
                "--timeout",
                "3m",
                "--seed",
                "7",
                "--json");

        assertThat(run.exitCode()).as("%s%s", run.out(), run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(run.out().lines()).hasSize(1);
        assertThat(report.get("scenarios").findValuesAsText("name"))
                .containsExactly("smoke", "restart", "leave", "flaky");
        assertThat(reached(report, "ipv4")).containsExactlyInAnyOrderElementsOf(pairs(3));
        hasTheFieldsOfTheDesign(report);
    }

    @Test
    void pingsInBothFamiliesOverAnApiServer() throws Exception {
        CommandRun run = run(List.of(), "k8s/examples/dual-stack.yaml", "--api", "--timeout", "3m", "--json");
        assertThat(run.exitCode()).as("%s%s", run.out(), run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(reached(report, "ipv4")).containsExactlyInAnyOrderElementsOf(pairs(3));
        assertThat(reached(report, "ipv6")).containsExactlyInAnyOrderElementsOf(pairs(3));
    }

    @Test
    void saysWhatProvidesAnApiServer() throws Exception {
        CommandRun run = run(List.of("env", "KUBE_API_TEST_DIR=/nowhere"), "src/examples/host-gw.json", "--api");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .matches(
                        "/nowhere/k8s/\\S+/etcd is missing: run src/provision/apiserver.sh, which downloads or builds it\n");
    }

    private static void hasTheFieldsOfTheDesign(JsonNode report) {
        assertThat(report.fieldNames())
                .toIterable()
                .containsExactly("network", "ok", "seed", "nodes", "reachability", "hooks", "scenarios");
        hasFields(report.get("nodes"), "name", "subnet", "ipv6Subnet", "publicIP", "publicIPv6", "backendData");
        hasFields(report.get("reachability"), "from", "to", "family", "ok", "rttMillis");
        hasFields(report.get("hooks"), "node", "hook", "peer", "attempt", "exitCode", "millis", "stderr");
        hasFields(report.get("scenarios"), "name", "ok", "detail");
    }

    private static void hasFields(JsonNode objects, String... names) {
        assertThat(objects).isNotEmpty();
        objects.forEach(object -> assertThat(object.fieldNames()).toIterable().containsExactly(names));
    }

    private static List<String> pairs(int nodes) {
        return IntStream.rangeClosed(1, nodes)
                .boxed()
                .flatMap(from -> IntStream.rangeClosed(1, nodes)
                        .filter(to -> to != from)
                        .mapToObj(to -> "node" + from + " node" + to))
                .toList();
    }

    private static List<String> reached(JsonNode report, String family) {
        var reached = new ArrayList<String>();
        for (JsonNode ping : report.get("reachability")) {
            if (ping.get("family").textValue().equals(family)
                    && ping.get("ok").booleanValue()
                    && ping.get("rttMillis").doubleValue() > 0) {
                reached.add(ping.get("from").textValue() + " " + ping.get("to").textValue());
            }
        }
        return reached;
    }

    @Test
    void pingsInBothFamilies() throws Exception {
        CommandRun run = run(List.of(), "k8s/examples/dual-stack.yaml", "--json");
        assertThat(run.exitCode()).as("%s%s", run.out(), run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(reached(report, "ipv4")).containsExactlyInAnyOrderElementsOf(pairs(3));
        assertThat(reached(report, "ipv6")).containsExactlyInAnyOrderElementsOf(pairs(3));
        assertThat(report.get("nodes").get(0).get("publicIPv6").textValue()).isEqualTo("2001:db8::1");
    }

    @Test
    void printsAPlainReportIntoAPipe() throws Exception {
        CommandRun run = run(List.of(), "src/examples/host-gw.json", "--nodes", "2", "--seed", "3");
        assertThat(run.exitCode()).as("%s%s", run.out(), run.err()).isZero();
        assertThat(run.out())
                .startsWith("Leases\n  NODE   SUBNET")
                .contains(
                        "ok      smoke    2 of 2 pings answered, 2 hooks ran, 0 failed\n", "network host-gw, seed 3\n")
                .doesNotContain("\u001b");
        assertThat(run.err()).startsWith("scenario smoke: making 2 nodes\n");
    }

    @Test
    void isNotDisturbedByAnother() throws Exception {
        try (LabProcess other = start(List.of(), network("sleep 4321").toString(), "--timeout", "5m")) {
            await().atMost(PATIENCE).until(() -> other.runs("sleep 4321"));

            CommandRun run = run(List.of(), "src/examples/host-gw.json", "--nodes", "2");

            assertThat(run.exitCode()).as("%s%s", run.out(), run.err()).isZero();
            assertThat(run.out()).startsWith("Leases\n  NODE   SUBNET");
        }
    }

    @Test
    void failsWherePodsDoNotReachEachOther() throws Exception {
        CommandRun run = run(List.of(), network("true").toString(), "--json", "--nodes", "2");
        assertThat(run.exitCode()).isEqualTo(1);
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("ok").booleanValue()).isFalse();
        for (JsonNode ping : report.get("reachability")) {
            assertThat(ping.get("ok").booleanValue()).isFalse();
            assertThat(ping.get("rttMillis").isNull()).isTrue();
        }
        assertThat(report.get("reachability")).hasSize(2);
        assertThat(run.err()).endsWith("the lab found what it should not: see the scenarios\n");
    }

    @Test
    void saysWhatKeepsItFromSettling() throws Exception {
        CommandRun run = run(
                List.of(),
                network("echo no such luck >&2; exit 3").toString(),
                "--json",
                "--nodes",
                "2",
                "--timeout",
                "10s");
        assertThat(run.exitCode()).isEqualTo(1);
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("scenarios").get(0).get("detail").textValue())
                .startsWith("did not settle: node1: Active, peers 0 of 1")
                .contains("NotRepeatable: no such luck");
        JsonNode hook = report.get("hooks").get(0);
        assertThat(hook.get("exitCode").intValue()).isEqualTo(3);
        assertThat(hook.get("stderr").textValue()).isEqualTo("no such luck\n");
    }

    /** Their daemons would keep their namespaces, and with them addresses that the next scenario's nodes have too. */
    @Test
    void endsWhatTheNodesOfAScenarioLeftRunningBeforeTheNextOne() throws Exception {
        Path file = Files.writeString(directory.resolve("daemon.yaml"), """
                apiVersion: flannelx.dev/v1alpha1
                kind: FlannelNetwork
                metadata: {name: daemon}
                spec:
                  network: 10.0.0.0/16
                  backend:
                    type: extension
                    preStartupCommand: |
                      test "$NODE" = node1 || exit 0
                      for try in $(seq 100); do
                        grep -lzx 'daemon=[1]' /proc/[0-9]*/environ >/dev/null 2>&1 || exit 0
                        sleep 0.1
                      done
                      echo a daemon of an earlier scenario runs >&2
                      exit 1
                    postStartupCommand: daemon=1 sleep 3600 &
                    subnetAddCommand: ip route replace "$SUBNET" via "$PUBLIC_IP"
                """);
        CommandRun run = run(List.of(), file.toString(), "--scenario", "all", "--nodes", "2", "--seed", "1");
        assertThat(run.exitCode()).as("%s%s", run.out(), run.err()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP", "KILL"})
    void leavesNothingBehindWhenItIsEnded(String signal) throws Exception {
        Set<String> before = traces();
        // Whoever runs this in the background may have told it, and so its children, to ignore SIGINT.
        List<String> listening = List.of("env", "--default-signal=INT,HUP");
        try (LabProcess lab = start(listening, network("sleep 4321").toString(), "--timeout", "5m")) {
            await().atMost(PATIENCE).until(() -> lab.runs("sleep 4321"));
            Set<String> namespaces = lab.namespaces();
            // The lab's own and, for each of three nodes, its and its pod's.
            assertThat(LabProcess.alive(namespaces)).hasSize(7);

            assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(lab.pid()))
                            .start()
                            .waitFor())
                    .isZero();

            assertThat(lab.end().exitCode()).isEqualTo(128 + number(signal));
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(lab.living()).isEmpty();
                assertThat(LabProcess.alive(namespaces)).isEmpty();
            });
            assertThat(traces()).isEqualTo(before);
        }
    }

    private static int number(String signal) {
        return switch (signal) {
            case "HUP" -> 1;
            case "INT" -> 2;
            case "KILL" -> 9;
            case "TERM" -> 15;
            default -> throw new AssertionError(signal);
        };
    }

    private static Path network(String addCommand) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "net", ".json"), """
                {"Network": "10.0.0.0/16", "Backend": {"Type": "extension", "SubnetAddCommand": "%s"}}
                """.formatted(addCommand));
    }
}
