package dev.flannelx.network;

import dev.flannelx.ip.Cidr;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A FlannelNetwork's {@code spec}, decoded and valid.
 *
 * @param name the resource's name
 * @param ipv4 the IPv4 network and its grid, or null; at least one family is there
 * @param ipv6 the IPv6 network and its grid, or null
 * @param nodeSelector labels that a joining Node carries; empty selects every Node
 */
public record Network(
        String name,
        @Nullable SubnetPool ipv4,
        @Nullable SubnetPool ipv6,
        SubnetSource subnetSource,
        Duration leaseDuration,
        Map<String, String> nodeSelector,
        Rollout rollout,
        Duration removalGrace,
        Duration teardownTimeout,
        String backendType,
        HookCommands commands,
        BackendSettings settings) {

    public Network {
        if (ipv4 == null && ipv6 == null) {
            throw new IllegalArgumentException("network " + name + " has no address family");
        }
        nodeSelector = Map.copyOf(nodeSelector);
    }

    public Optional<Cidr> ipv4Network() {
        return Optional.ofNullable(ipv4).map(SubnetPool::network);
    }

    public Optional<Cidr> ipv6Network() {
        return Optional.ofNullable(ipv6).map(SubnetPool::network);
    }

    /** Whether a Node with those labels is to join it. */
    public boolean selects(Map<String, String> labels) {
        return labels.entrySet().containsAll(nodeSelector.entrySet());
    }

    /** Whether it divides the same networks into the same subnets as another: a subnet of either is one of both. */
    public boolean dividesAs(Network other) {
        return isOnSameGrid(ipv4, other.ipv4) && isOnSameGrid(ipv6, other.ipv6) && subnetSource == other.subnetSource;
    }

    private static boolean isOnSameGrid(@Nullable SubnetPool one, @Nullable SubnetPool other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.network().equals(other.network()) && one.subnetLength() == other.subnetLength();
    }

    /**
     * The spec in effect on a node that has applied {@code applied}. What runs nothing takes effect at once: checks,
     * shutdown, timing, limits. What would run a hook, or make the node leave, waits until it is permitted: see
     * Roll-outs. Where commands wait, so do the checks and the shutdown that came with them: those are for what they
     * build, and would find it gone on every node at once, or leave behind what is there.
     */
    public Network effective(Network applied, boolean permitted) {
        return permitted
                ? this
                : with(applied.nodeSelector, removalGrace, commands.gatedBy(applied.commands), settings);
    }

    public Network withCommands(HookCommands newer) {
        return with(nodeSelector, removalGrace, newer, settings);
    }

    public Network withRemovalGrace(Duration newer) {
        return with(nodeSelector, newer, commands, settings);
    }

    public Network withSettings(BackendSettings newer) {
        return with(nodeSelector, removalGrace, commands, newer);
    }

    /** This one, but for what any of the copies above replaces. */
    private Network with(
            Map<String, String> otherSelector,
            Duration otherGrace,
            HookCommands otherCommands,
            BackendSettings otherSettings) {
        return new Network(
                name,
                ipv4,
                ipv6,
                subnetSource,
                leaseDuration,
                otherSelector,
                rollout,
                otherGrace,
                teardownTimeout,
                backendType,
                otherCommands,
                otherSettings);
    }
}
