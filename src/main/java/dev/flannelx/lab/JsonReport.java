package dev.flannelx.lab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.ip.Family;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The report as the one object that {@code lab --json} prints; what is absent is null. */
final class JsonReport {
    private JsonReport() {}

    static ObjectNode of(LabReport report) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("network", report.network());
        object.put("ok", report.ok());
        object.put("seed", report.seed());
        ArrayNode nodes = object.putArray("nodes");
        report.run().leases().stream()
                .sorted(Comparator.comparing(Lease::node, LabReport.BY_NUMBER))
                .forEach(lease -> nodes.add(node(lease)));
        ArrayNode reachability = object.putArray("reachability");
        report.run().pings().forEach(ping -> reachability.add(ping(ping)));
        ArrayNode hooks = object.putArray("hooks");
        report.run().hooks().forEach(hook -> hooks.add(hook(hook)));
        ArrayNode scenarios = object.putArray("scenarios");
        for (LabReport.Played played : report.scenarios()) {
            scenarios
                    .addObject()
                    .put("name", played.name())
                    .put("ok", played.verdict().ok())
                    .put("detail", played.verdict().detail());
        }
        return object;
    }

    private static ObjectNode node(Lease lease) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", lease.node());
        node.put("subnet", text(lease.subnet().ipv4()));
        node.put("ipv6Subnet", text(lease.subnet().ipv6()));
        node.put("publicIP", text(lease.publicAddress().ipv4()));
        node.put("publicIPv6", text(lease.publicAddress().ipv6()));
        node.put("backendData", lease.backendData());
        return node;
    }

    private static ObjectNode ping(Ping ping) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("from", ping.from())
                .put("to", ping.to())
                .put("family", ping.family() == Family.IPV4 ? "ipv4" : "ipv6")
                .put("ok", ping.ok())
                .put("rttMillis", ping.rttMillis());
    }

    private static ObjectNode hook(HookRecord hook) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("node", hook.node())
                .put("hook", hook.hook().text())
                .put("peer", peers(hook.peers().stream().sorted().toList()))
                .put("attempt", hook.attempt())
                .put("exitCode", hook.exitCode())
                .put("millis", hook.duration().toNanos() / 1e6)
                .put("stderr", hook.stderr());
    }

    private static @Nullable String peers(List<Subnet> peers) {
        return peers.isEmpty() ? null : peers.stream().map(Subnet::toString).collect(Collectors.joining(" "));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
