package dev.flannelx.reconcile;

import dev.flannelx.hook.Hook;
import java.time.Duration;
import java.util.Map;

/**
 * One hook, ready to run.
 *
 * @param id unlike that of any other run; the hook finds it in {@value #VARIABLE}
 * @param command the text for {@code sh -c}
 * @param variables added to the agent's own environment
 * @param stdin all of it
 */
public record HookRun(
        String id, Hook hook, String command, Map<String, String> variables, String stdin, Duration timeout) {
    public static final String VARIABLE = "FLANNELX_RUN";

    public HookRun {
        variables = Map.copyOf(variables);
    }
}
