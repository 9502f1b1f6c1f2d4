package dev.flannelx.host;

import dev.flannelx.reconcile.HookRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts shells by {@link ProcessBuilder}, for where posix_spawn is not to be had. A hook costs half as much again and has
 * no process group of its own: what it started is found by descent and by the run id in its environment, and an exit code
 * of a signal's (128 and its number) is taken for the signal.
 */
final class BuilderLauncher implements ShellLauncher {
    /** The mask is set by a shell that then becomes the hook's. */
    private static final String PRIVATE = "umask 077; exec sh -c \"$1\"";

    private final Path directory;
    private final List<String> prefix;

    /**
     * Starts shells in a directory.
     *
     * @param prefix words before {@code sh -c}
     */
    BuilderLauncher(Path directory, List<String> prefix) {
        this.directory = directory;
        this.prefix = List.copyOf(prefix);
    }

    @Override
    public ShellProcess start(HookRun run) throws IOException {
        var argv = new ArrayList<>(prefix);
        argv.addAll(List.of("sh", "-c", PRIVATE, "sh", run.command()));
        var builder = new ProcessBuilder(argv).directory(directory.toFile());
        builder.environment().putAll(run.variables());
        return BuiltShell.start(builder, run, directory);
    }
}
