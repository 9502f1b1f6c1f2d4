package dev.flannelx.network;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decodes and validates the {@code spec} of a FlannelNetwork. Every problem is found in one go. */
public final class NetworkDecoder {
    private static final Pattern MAX_UNAVAILABLE = Pattern.compile("[1-9][0-9]{0,5}|(100|[1-9][0-9]?)%");
    /** So that a lease's name, which begins with the network's, stays a legal one. */
    private static final int MAX_NAME = 63;

    private static final int MAX_PARALLELISM = 256;
    private static final int LARGEST_MTU = 65_535;

    private NetworkDecoder() {}

    /** Decodes the spec of the network of that name. Fields that it does not know are passed over. */
    public static Decoded decode(String name, JsonNode spec) {
        return spec.isObject()
                ? decode(name, new SpecReader(spec, "", new ArrayList<>()))
                : new Decoded.Invalid(List.of("spec is missing: want an object"));
    }

    /** A line for each field of a spec that has no effect, by its path. */
    public static List<String> ignoredFields(JsonNode spec) {
        var reader = new SpecReader(spec, "", new ArrayList<>());
        decode("any", reader);
        return reader.ignored();
    }

    private static Decoded decode(String name, SpecReader reader) {
        if (!DnsSubdomain.matches(name, MAX_NAME)) {
            reader.problem(
                    "metadata.name %s is wrong: want lower-case letters, digits, - and ., at most %d characters, beginning and ending with a letter or digit"
                            .formatted(Shown.text(name), MAX_NAME));
        }
        SubnetSource source = subnetSource(reader);
        SubnetPool ipv4 = PoolDecoder.IPV4.decode(reader, source);
        SubnetPool ipv6 = PoolDecoder.IPV6.decode(reader, source);
        requireFamily(reader, ipv4, ipv6);
        Duration leaseDuration = reader.duration("leaseDuration", Duration.ofHours(24), false);
        Map<String, String> nodeSelector = nodeSelector(reader);
        Rollout rollout = rollout(reader.child("rollout"));
        Duration removalGrace = reader.duration("removalGrace", Duration.ofMinutes(5), true);
        Duration teardownTimeout = reader.duration("teardownTimeout", Duration.ofMinutes(5), true);
        SpecReader backend = reader.child("backend");
        String type = backendType(backend);
        HookCommands commands = commands(backend);
        BackendSettings settings = settings(backend);
        if (reader.problemCount() > 0) {
            return new Decoded.Invalid(reader.problems());
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

    private static void requireFamily(SpecReader spec, @Nullable SubnetPool ipv4, @Nullable SubnetPool ipv6) {
        if (!spec.has("network") && !spec.has("ipv6Network")) {
            spec.problem("network is missing: want network or ipv6Network, or both");
        }
        if (ipv4 != null
                && ipv6 != null
                && (ipv4.first().compareTo(ipv6.last()) > 0 || ipv6.first().compareTo(ipv4.last()) > 0)) {
            spec.problem(
                    "subnetMin and subnetMax allow subnets %s to %s, ipv6SubnetMin and ipv6SubnetMax %s to %s, counted from each network's base: want a number that both allow"
                            .formatted(ipv4.first(), ipv4.last(), ipv6.first(), ipv6.last()));
        }
    }

    private static SubnetSource subnetSource(SpecReader spec) {
        Optional<String> text = spec.text("subnetSource");
        for (SubnetSource source : SubnetSource.values()) {
            if (text.isEmpty() || text.get().equals(source.text())) {
                return source;
            }
        }
        spec.problem("subnetSource " + Shown.text(text.get()) + " is unknown: want Pool or NodePodCIDR");
        return SubnetSource.POOL;
    }

    private static Map<String, String> nodeSelector(SpecReader spec) {
        var labels = new LinkedHashMap<String, String>();
        SpecReader selector = spec.child("nodeSelector");
        for (String label : selector.fields()) {
            selector.text(label).ifPresent(value -> labels.put(label, value));
        }
        return labels;
    }

    private static Rollout rollout(SpecReader rollout) {
        JsonNode node = rollout.value("maxUnavailable");
        String maxUnavailable =
                node.isMissingNode() || node.isNull() ? Rollout.DEFAULT.maxUnavailable() : node.asText();
        if (!MAX_UNAVAILABLE.matcher(maxUnavailable).matches()) {
            rollout.problem("%s %s is wrong: want a count from 1 or a percentage from 1%% to 100%%"
                    .formatted(rollout.name("maxUnavailable"), Shown.text(node.toString())));
        }
        return new Rollout(maxUnavailable, rollout.duration("timeout", Rollout.DEFAULT.timeout(), false));
    }

    private static String backendType(SpecReader backend) {
        Optional<String> type = backend.text("type");
        if (type.isEmpty()) {
            backend.problem(backend.name("type") + " is missing: want extension");
        } else if (!type.get().equals("extension")) {
            backend.problem("%s %s is unknown: want extension".formatted(backend.name("type"), Shown.text(type.get())));
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
            retry.problem("%s %s is shorter than %s %s: want it as long or longer"
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
