package dev.flannelx.host;

import dev.flannelx.reconcile.HookRun;
import java.io.IOException;

/** Starts the shells of one network's hooks. Safe for several threads. */
interface ShellLauncher {
    /**
     * Starts one.
     *
     * @return the shell, to be closed in any case
     * @throws IOException if it could not be started
     */
    ShellProcess start(HookRun run) throws IOException;
}
