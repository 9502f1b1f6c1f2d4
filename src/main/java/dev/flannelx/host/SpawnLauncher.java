package dev.flannelx.host;

import dev.flannelx.reconcile.HookRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts shells by posix_spawn through the foreign function interface, each in a process group of its own.
 * {@link ProcessBuilder} goes through a helper program, which makes a hook half as expensive again, knows no process
 * group, and cannot wait for a process apart from its pipes.
 */
final class SpawnLauncher implements ShellLauncher {
    private static final int PRIVATE_UMASK = 077;

    private final List<String> prefix;
    private final Spawner spawner;

    /**
     * Starts shells in a directory.
     *
     * @param prefix words before {@code sh -c}
     * @throws IOException if the C library refuses
     */
    SpawnLauncher(String directory, List<String> prefix) throws IOException {
        this.prefix = List.copyOf(prefix);
        spawner = new Spawner(directory, System.getenv());
        // The mask is the process's. Nothing else here relies on it: whatever others are to read sets its own mode.
        Posix.umask(PRIVATE_UMASK);
    }

    /** Whether this machine's C library and kernel have what it takes. */
    static boolean isPossible() {
        boolean present = CLibrary.has(
                "posix_spawnp",
                "posix_spawn_file_actions_addchdir_np",
                "posix_spawn_file_actions_addclosefrom_np",
                "memfd_create",
                "pidfd_open");
        return present && Posix.hasPidfds();
    }

    @Override
    public ShellProcess start(HookRun run) throws IOException {
        var argv = new ArrayList<>(prefix);
        argv.addAll(List.of("sh", "-c", run.command()));
        return new SpawnedShell(spawner, argv, run.variables(), run.stdin());
    }
}
