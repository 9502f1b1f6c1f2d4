package dev.flannelx.network;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decodes and validates the {@code spec} of a FlannelNetwork. Every problem is found in one go. */
public final class NetworkDecoder {
    private static final Pattern MAX_UNAVAILABLE = Pattern.compile("[1-9][0-9]{0,5}|(100|[1-9][0-9]?)%");
    private static final int MAX_PARALLELISM = 256;
    private static final int LARGEST_MTU = 65_535;

    private NetworkDecoder() {}

    /** Decodes the spec of the network of that name. */
    public static Decoded decode(String name, JsonNode spec) {
        var problems = new ArrayList<String>();
        if (!spec.isObject()) {
            return new Decoded.Invalid(List.of("spec is missing: want an object"));
        }
        var reader = new SpecReader(spec, "", problems);
        SubnetPool ipv4 = PoolDecoder.IPV4.decode(reader);
        SubnetPool ipv6 = PoolDecoder.IPV6.decode(reader);
        if (!reader.has("network") && !reader.has("ipv6Network")) {
            reader.problem("network is missing: want network or ipv6Network, or both");
        }
        if (ipv4 != null
                && ipv6 != null
                && (ipv4.first().compareTo(ipv6.last()) > 0 || ipv6.first().compareTo(ipv4.last()) > 0)) {
            reader.problem("no subnet number lies both in %s to %s and in %s to %s: want ranges that overlap"
                    .formatted(ipv4.first(), ipv4.last(), ipv6.first(), ipv6.last()));
        }
        SubnetSource source = subnetSource(reader);
        Duration leaseDuration = reader.duration("leaseDuration", Duration.ofHours(24), false);
        Map<String, String> nodeSelector = nodeSelector(reader);
        Rollout rollout = rollout(reader.child("rollout"));
        Duration removalGrace = reader.duration("removalGrace", Duration.ofMinutes(5), true);
        Duration teardownTimeout = reader.duration("teardownTimeout", Duration.ofMinutes(5), true);
        SpecReader backend = reader.child("backend");
        String type = backendType(backend);
        HookCommands commands = commands(backend);
        BackendSettings settings = settings(backend);
        if (!problems.isEmpty()) {
            return new Decoded.Invalid(problems);
        }
        return new Decoded.Valid(new Network(
                name,
                ipv4,
                ipv6,
                source,
                leaseDuration,
                nodeSelector,
                rollout,
                removalGrace,
                teardownTimeout,
                type,
                commands,
                settings));
    }

    private static SubnetSource subnetSource(SpecReader spec) {
        Optional<String> text = spec.text("subnetSource");
        for (SubnetSource source : SubnetSource.values()) {
            if (text.isEmpty() || text.get().equals(source.text())) {
                return source;
            }
        }
        spec.problem("subnetSource " + text.get() + " is unknown: want Pool or NodePodCIDR");
        return SubnetSource.POOL;
    }

    private static Map<String, String> nodeSelector(SpecReader spec) {
        var labels = new LinkedHashMap<String, String>();
        SpecReader selector = spec.child("nodeSelector");
        selector.node()
                .fieldNames()
                .forEachRemaining(label -> selector.text(label).ifPresent(value -> labels.put(label, value)));
        return labels;
    }

    private static Rollout rollout(SpecReader rollout) {
        JsonNode node = rollout.node().path("maxUnavailable");
        String maxUnavailable =
                node.isMissingNode() || node.isNull() ? Rollout.DEFAULT.maxUnavailable() : node.asText();
        if (!MAX_UNAVAILABLE.matcher(maxUnavailable).matches()) {
            rollout.problem("%s %s is wrong: want a count from 1 or a percentage from 1%% to 100%%"
                    .formatted(rollout.name("maxUnavailable"), node));
        }
        return new Rollout(maxUnavailable, rollout.duration("timeout", Rollout.DEFAULT.timeout(), false));
    }

    private static String backendType(SpecReader backend) {
        Optional<String> type = backend.text("type");
        if (type.isEmpty()) {
            backend.problem(backend.name("type") + " is missing: want extension");
        } else if (!type.get().equals("extension")) {
            backend.problem("%s %s is unknown: want extension".formatted(backend.name("type"), type.get()));
        }
        return type.orElse("");
    }

    private static HookCommands commands(SpecReader backend) {
        int before = backend.problemCount();
        var commands = new HookCommands(
                backend.command("preStartupCommand"),
                backend.command("postStartupCommand"),
                backend.command("subnetAddCommand"),
                backend.command("subnetRemoveCommand"),
                backend.command("shutdownCommand"),
                backend.command("subnetCheckCommand"),
                backend.command("startupCheckCommand"),
                backend.command("subnetBatchCommand"));
        if (commands.equals(HookCommands.NONE) && backend.problemCount() == before) {
            backend.problem(backend.name("subnetAddCommand") + " is missing: want at least one command");
        }
        return commands;
    }

    private static BackendSettings settings(SpecReader backend) {
        BackendSettings usual = BackendSettings.DEFAULT;
        SpecReader retry = backend.child("retry");
        Duration initialDelay = retry.duration("initialDelay", usual.retryInitialDelay(), false);
        Duration maxDelay = retry.duration("maxDelay", usual.retryMaxDelay(), false);
        if (maxDelay.compareTo(initialDelay) < 0) {
            retry.problem("%s %s is shorter than %s %s"
                    .formatted(
                            retry.name("maxDelay"),
                            Spans.format(maxDelay),
                            retry.name("initialDelay"),
                            Spans.format(initialDelay)));
        }
        Integer parallelism = backend.number("parallelism", 1, MAX_PARALLELISM);
        Integer mtuOverhead = backend.number("mtuOverhead", 0, LARGEST_MTU);
        return new BackendSettings(
                backend.duration("timeout", usual.timeout(), false),
                backend.duration("checkPeriod", usual.checkPeriod(), false),
                parallelism == null ? usual.parallelism() : parallelism,
                initialDelay,
                maxDelay,
                backend.number("mtu", 68, LARGEST_MTU),
                mtuOverhead == null ? usual.mtuOverhead() : mtuOverhead);
    }
}
