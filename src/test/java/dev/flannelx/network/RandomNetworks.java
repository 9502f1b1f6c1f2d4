package dev.flannelx.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.ip.Family;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;

/** Specs of valid networks, each field there or not. */
public final class RandomNetworks {
    private static final List<String> COMMANDS = List.of(
            "preStartupCommand",
            "postStartupCommand",
            "subnetAddCommand",
            "subnetRemoveCommand",
            "shutdownCommand",
            "subnetCheckCommand",
            "startupCheckCommand",
            "subnetBatchCommand");

    private static final List<String> TEXTS = List.of(
            "ip route replace \"$SUBNET\" via \"$PUBLIC_IP\"",
            "true\n",
            "a: b # no comment\n\tthen\n  more\n",
            "'quoted' \\ back\\slash",
            "null",
            "ümläut ☃",
            "- dash",
            " leading and trailing ");

    private final Random random;

    public RandomNetworks(long seed) {
        random = new Random(seed);
    }

    public ObjectNode next() {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        boolean podCidr = random.nextInt(5) == 0;
        if (podCidr) {
            spec.put("subnetSource", "NodePodCIDR");
        }
        int families = 1 + random.nextInt(3);
        boolean wide = families == 3;
        if ((families & 1) != 0) {
            family(spec, Family.IPV4, "network", "subnet", 30, podCidr, wide);
        }
        if ((families & 2) != 0) {
            family(spec, Family.IPV6, "ipv6Network", "ipv6Subnet", 126, podCidr, wide);
        }
        duration(spec, "leaseDuration");
        duration(spec, "removalGrace");
        duration(spec, "teardownTimeout");
        if (random.nextBoolean()) {
            spec.putObject("nodeSelector")
                    .put("zone", random.nextBoolean() ? "a" : "1e3")
                    .put("gpu", "true");
        }
        if (random.nextBoolean()) {
            ObjectNode rollout = spec.putObject("rollout").put("maxUnavailable", 1 + random.nextInt(100) + "%");
            duration(rollout, "timeout");
        } else if (random.nextBoolean()) {
            spec.putObject("rollout").put("maxUnavailable", 1 + random.nextInt(100));
        }
        backend(spec.putObject("backend"));
        return spec;
    }

    private void backend(ObjectNode backend) {
        backend.put("type", "extension");
        for (String command : COMMANDS) {
            if (command.equals("subnetAddCommand") || random.nextBoolean()) {
                backend.put(command, TEXTS.get(random.nextInt(TEXTS.size())));
            }
        }
        duration(backend, "timeout");
        duration(backend, "checkPeriod");
        if (random.nextBoolean()) {
            backend.put("parallelism", 1 + random.nextInt(256));
            backend.put("mtuOverhead", random.nextInt(100));
            backend.putObject("retry").put("initialDelay", "100ms").put("maxDelay", "1h2m3s");
        }
        if (random.nextBoolean()) {
            backend.put("mtu", 68 + random.nextInt(9000));
        }
    }

    /** @param wide without bounds, so that two families always share subnet numbers */
    private void family(
            ObjectNode spec, Family family, String network, String prefix, int longest, boolean podCidr, boolean wide) {
        int length = random.nextInt(longest - 1);
        Cidr cidr = new Cidr(new Address(family, new BigInteger(family.bits(), random)), length).masked();
        spec.put(network, cidr.toString());
        if (podCidr || random.nextBoolean()) {
            return;
        }
        int subnetLength = length + 2 + random.nextInt(longest - length - 1);
        spec.put(prefix + "Len", subnetLength);
        SubnetPool grid = PoolDecoder.grid(cidr, subnetLength);
        BigInteger middle = grid.last().shiftRight(1);
        if (!wide && random.nextBoolean()) {
            BigInteger first = new BigInteger(middle.bitLength(), random).min(middle);
            spec.put(prefix + "Min", grid.subnet(first).address().toString());
        }
        if (!wide && random.nextBoolean()) {
            spec.put(
                    prefix + "Max",
                    grid.subnet(grid.last().subtract(middle).max(middle))
                            .address()
                            .toString());
        }
    }

    private void duration(ObjectNode object, String field) {
        if (random.nextBoolean()) {
            object.put(
                    field,
                    1 + random.nextInt(1_000) + List.of("ms", "s", "m", "h").get(random.nextInt(4)));
        }
    }
}
