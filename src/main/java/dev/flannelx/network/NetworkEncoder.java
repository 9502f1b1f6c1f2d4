package dev.flannelx.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes a network as a FlannelNetwork's {@code spec}, leaving defaults out: what the decoder reads back as the same. */
public final class NetworkEncoder {
    private NetworkEncoder() {}

    /** The network as the resource that it is in a cluster. */
    public static ObjectNode resource(Network network) {
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        resource.put("apiVersion", "flannelx.dev/v1alpha1");
        resource.put("kind", "FlannelNetwork");
        resource.putObject("metadata").put("name", network.name());
        resource.set("spec", encode(network));
        return resource;
    }

    /** Its {@code spec} alone. */
    public static ObjectNode encode(Network network) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        pool(spec, network.ipv4(), network.subnetSource(), PoolDecoder.IPV4);
        pool(spec, network.ipv6(), network.subnetSource(), PoolDecoder.IPV6);
        if (network.subnetSource() != SubnetSource.POOL) {
            spec.put("subnetSource", network.subnetSource().text());
        }
        duration(spec, "leaseDuration", network.leaseDuration(), Duration.ofHours(24));
        if (!network.nodeSelector().isEmpty()) {
            ObjectNode selector = spec.putObject("nodeSelector");
            new TreeMap<>(network.nodeSelector()).forEach(selector::put);
        }
        if (!network.rollout().equals(Rollout.DEFAULT)) {
            ObjectNode rollout = spec.putObject("rollout");
            String budget = network.rollout().maxUnavailable();
            if (budget.endsWith("%")) {
                rollout.put("maxUnavailable", budget);
            } else {
                rollout.put("maxUnavailable", Integer.parseInt(budget));
            }
            duration(rollout, "timeout", network.rollout().timeout(), Rollout.DEFAULT.timeout());
        }
        duration(spec, "removalGrace", network.removalGrace(), Duration.ofMinutes(5));
        duration(spec, "teardownTimeout", network.teardownTimeout(), Duration.ofMinutes(5));
        ObjectNode backend = spec.putObject("backend");
        backend.put("type", network.backendType());
        network.commands().byField().forEach(backend::put);
        settings(backend, network.settings());
        return spec;
    }

    private static void pool(ObjectNode spec, @Nullable SubnetPool pool, SubnetSource source, PoolDecoder names) {
        if (pool == null) {
            return;
        }
        spec.put(names.network(), pool.network().toString());
        if (source == SubnetSource.NODE_POD_CIDR) {
            return;
        }
        if (pool.subnetLength() != names.usualLength(pool.network())) {
            spec.put(names.prefix() + "Len", pool.subnetLength());
        }
        SubnetPool usual = PoolDecoder.grid(pool.network(), pool.subnetLength());
        if (!pool.first().equals(usual.first())) {
            spec.put(names.prefix() + "Min", pool.subnet(pool.first()).address().toString());
        }
        if (!pool.last().equals(usual.last())) {
            spec.put(names.prefix() + "Max", pool.subnet(pool.last()).address().toString());
        }
    }

    private static void settings(ObjectNode backend, BackendSettings settings) {
        BackendSettings usual = BackendSettings.DEFAULT;
        duration(backend, "timeout", settings.timeout(), usual.timeout());
        duration(backend, "checkPeriod", settings.checkPeriod(), usual.checkPeriod());
        if (settings.parallelism() != usual.parallelism()) {
            backend.put("parallelism", settings.parallelism());
        }
        if (!settings.retryInitialDelay().equals(usual.retryInitialDelay())
                || !settings.retryMaxDelay().equals(usual.retryMaxDelay())) {
            ObjectNode retry = backend.putObject("retry");
            retry.put("initialDelay", Spans.format(settings.retryInitialDelay()));
            retry.put("maxDelay", Spans.format(settings.retryMaxDelay()));
        }
        if (settings.mtu() != null) {
            backend.put("mtu", settings.mtu());
        }
        if (settings.mtuOverhead() != 0) {
            backend.put("mtuOverhead", settings.mtuOverhead());
        }
    }

    private static void duration(ObjectNode object, String field, Duration value, Duration usual) {
        if (!value.equals(usual)) {
            object.put(field, Spans.format(value));
        }
    }
}
