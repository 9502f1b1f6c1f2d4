package dev.flannelx.kube.resource;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the CRDs: the generator reads the classes, and what annotations cannot say is added here. */
final class ResourceDefinitions implements CRDPostProcessor {
    private ResourceDefinitions() {}

    /** The CRDs as YAML, by the name of the resource type. */
    static Map<String, String> generate() {
        var output = new MemoryOutput();
        new CRDGenerator()
                .withOutput(output)
                .withPostProcessor(new ResourceDefinitions())
                .customResourceClasses(FlannelNetwork.class, SubnetLease.class, FlannelNode.class)
                .generate();
        var files = new TreeMap<String, String>();
        output.streams.forEach(
                (name, stream) -> files.put(name.replace("-v1", "").replace(".flannelx.dev", ""), text(stream)));
        return files;
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("# Generated"))
                .reduce("", (all, line) -> all + line + "\n");
    }

    @Override
    public HasMetadata process(HasMetadata resource, String version) {
        var definition = (CustomResourceDefinition) resource;
        definition.getSpec().getNames().setCategories(List.of("flannelx"));
        CustomResourceDefinitionVersion only =
                definition.getSpec().getVersions().getFirst();
        var schema = new SchemaEditor(only.getSchema().getOpenAPIV3Schema());
        switch (definition.getSpec().getNames().getKind()) {
            case "FlannelNetwork" -> network(only, schema);
            case "SubnetLease" -> lease(only, schema);
            case "FlannelNode" -> node(only, schema);
            default ->
                throw new IllegalStateException(
                        "no rules for " + definition.getSpec().getNames());
        }
        return definition;
    }

    private static void network(CustomResourceDefinitionVersion version, SchemaEditor schema) {
        version.setAdditionalPrinterColumns(List.of(
                column("Network", "string", ".spec.network"),
                column("Backend", "string", ".spec.backend.type"),
                column("Nodes", "string", ".status.nodes.summary"),
                column("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status"),
                column("Age", "date", ".metadata.creationTimestamp"),
                wide("IPv6 Network", "string", ".spec.ipv6Network"),
                wide("Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")));
        schema.describe("A pod network. Whoever may write one runs commands as root on the nodes that join it.")
                .require("spec")
                .rules(Rules.rule("size(self.metadata.name) <= 63", "a network's name has at most 63 characters"));
        SchemaEditor spec = schema.at("spec");
        spec.describe("The network, and the commands that connect its nodes.")
                .rules(Rules.rule("has(self.network) || has(self.ipv6Network)", "want network or ipv6Network, or both"))
                .rules(Rules.immutable("subnetSource"));
        for (NetworkRules family : List.of(NetworkRules.IPV4, NetworkRules.IPV6)) {
            spec.rules(family.onSpec());
            spec.at(family.network()).rules(family.onNetwork());
            spec.at(family.prefix() + "Min").rules(Rules.address(family.family()));
            spec.at(family.prefix() + "Max").rules(Rules.address(family.family()));
        }
        spec.at("subnetSource").oneOf("Pool", "NodePodCIDR");
        spec.at("nodeSelector").atMostProperties(64).additional().maxLength(63);
        spec.at("rollout")
                .emptyByDefault()
                .at("maxUnavailable")
                .rules(Rules.rule(
                        "type(self) == int ? self >= 1 : self.matches('^([1-9][0-9]{0,5}|(100|[1-9][0-9]?)%)$')",
                        "want a count from 1, or a percentage from 1% to 100%"));
        backend(spec.at("backend"));
        networkStatus(schema.at("status"));
    }

    private static void backend(SchemaEditor backend) {
        backend.rules(Rules.rule(
                "has(self.preStartupCommand) || has(self.postStartupCommand) || has(self.subnetAddCommand)"
                        + " || has(self.subnetRemoveCommand) || has(self.shutdownCommand)"
                        + " || has(self.subnetCheckCommand) || has(self.startupCheckCommand)"
                        + " || has(self.subnetBatchCommand)",
                "want at least one command"));
        backend.at("type").oneOf("extension");
        backend.at("retry").emptyByDefault();
    }

    private static void networkStatus(SchemaEditor status) {
        status.describe("What became of it, by the operator.");
        SchemaEditor conditions = status.at("conditions").mapKeyedBy("type");
        SchemaEditor condition =
                conditions.items().require("type", "status", "lastTransitionTime", "reason", "message");
        condition.describe("One aspect of the network's state.");
        condition.at("type").describe("Accepted, Ready, Progressing, PoolExhausted or TearingDown.");
        condition.at("status").describe("True, False or Unknown.").oneOf("True", "False", "Unknown");
        condition.at("reason").describe("One word for why.");
        condition.at("message").describe("The same for a person.");
        condition
                .at("lastTransitionTime")
                .describe("When the status last changed.")
                .format("date-time");
        condition.at("observedGeneration").describe("The generation of the spec that this condition is about.");
    }

    private static void lease(CustomResourceDefinitionVersion version, SchemaEditor schema) {
        version.setAdditionalPrinterColumns(List.of(
                column("Network", "string", ".spec.network"),
                column("Node", "string", ".spec.nodeName"),
                column("Subnet", "string", ".spec.subnet"),
                column("Public IP", "string", ".spec.publicIP"),
                column("Age", "date", ".metadata.creationTimestamp"),
                wide("IPv6 Subnet", "string", ".spec.ipv6Subnet"),
                wide("Public IPv6", "string", ".spec.publicIPv6"),
                wide("Reserved", "boolean", ".spec.reserved"),
                wide("Acquired", "date", ".spec.acquireTime")));
        version.setSubresources(null);
        schema.describe("Who has which subnet of a network. Its name is the network's and the subnet, so that creating"
                        + " it is what claims the subnet.")
                .require("spec")
                .without("status")
                .rules(LeaseRules.onResource());
        SchemaEditor spec = schema.at("spec");
        spec.describe("What other nodes must know, and nothing else.").rules(LeaseRules.onSpec());
        spec.at("subnet").rules(LeaseRules.onSubnet(4));
        spec.at("ipv6Subnet").rules(LeaseRules.onSubnet(6));
        spec.at("publicIP").rules(Rules.canonicalAddress(4));
        spec.at("publicIPv6").rules(Rules.canonicalAddress(6));
        spec.at("acquireTime").format("date-time");
    }

    private static void node(CustomResourceDefinitionVersion version, SchemaEditor schema) {
        version.setAdditionalPrinterColumns(List.of(
                column("Ready", "string", ".status.summary"),
                column("Heartbeat", "date", ".status.renewTime"),
                column("Version", "string", ".status.agentVersion"),
                column("Age", "date", ".metadata.creationTimestamp")));
        schema.describe(
                "What a node did about its networks, and what the operator tells it. One per Node, named like it.");
        schema.at("spec")
                .describe("What the operator tells the node.")
                .at("networks")
                .atMostProperties(256);
        SchemaEditor status = schema.at("status").describe("What the node's agent says.");
        status.at("renewTime").format("date-time");
        SchemaEditor onNetwork = status.at("networks").atMostProperties(256).additional();
        onNetwork
                .at("phase")
                .oneOf("Preparing", "Claiming", "Configuring", "Active", "Paused", "Refused", "TearingDown");
        onNetwork.at("failures").atMostItems(10);
    }

    private static CustomResourceColumnDefinition column(String name, String type, String path) {
        return new CustomResourceColumnDefinitionBuilder()
                .withName(name)
                .withType(type)
                .withJsonPath(path)
                .build();
    }

    private static CustomResourceColumnDefinition wide(String name, String type, String path) {
        CustomResourceColumnDefinition column = column(name, type, path);
        column.setPriority(1);
        return column;
    }

    /** Keeps what is generated in memory. */
    private static final class MemoryOutput implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        private final Map<String, ByteArrayOutputStream> streams = new HashMap<>();

        @Override
        public ByteArrayOutputStream outputFor(String name) {
            var stream = new ByteArrayOutputStream();
            streams.put(name, stream);
            return stream;
        }

        @Override
        public void close() throws IOException {
            for (ByteArrayOutputStream stream : streams.values()) {
                stream.close();
            }
        }
    }
}
