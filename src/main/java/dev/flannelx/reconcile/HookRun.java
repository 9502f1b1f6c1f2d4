package dev.flannelx.reconcile;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookEnvironment;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * One hook, ready to run.
 *
 * @param id unlike that of any other run
 * @param command the text for {@code sh -c}
 * @param variables added to the agent's own environment; {@value #VARIABLE} with the id is always among them
 * @param stdin all of it
 */
public record HookRun(
        String id, Hook hook, String command, Map<String, String> variables, String stdin, Duration timeout) {
    public static final String VARIABLE = "FLANNELX_RUN";

    public HookRun {
        var all = new HashMap<>(variables);
        all.put(VARIABLE, id);
        variables = Collections.unmodifiableMap(all);
    }

    /** A run of a task under this spec. */
    static HookRun of(HookTask task, Network network) {
        HookInvocation invocation = task.invocation();
        return new HookRun(
                task.run(),
                invocation.hook(),
                invocation.command(),
                HookEnvironment.variables(network, invocation),
                HookEnvironment.stdin(invocation),
                network.settings().timeout());
    }

    /** A new id: 128 random bits, behind {@link #checkPrefix} for a check. */
    public static String newId(Hook hook, String network, String node, RandomGenerator random) {
        HexFormat hex = HexFormat.of();
        String unique = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
        return hook.isCheck() ? checkPrefix(network, node) + unique : unique;
    }

    /**
     * How the ids of a network's checks on a node begin: whatever still carries one when an agent starts has no business
     * to live. No name has a colon, so that no prefix is another one's beginning.
     */
    public static String checkPrefix(String network, String node) {
        return "check:" + network + ":" + node + ":";
    }
}
