package dev.flannelx.host;

import java.nio.file.Path;
import java.util.List;

/** Shells started by {@link ProcessBuilder}, as where posix_spawn is not to be had. */
class BuiltHookRunnerIT extends HookRunnerContract {
    @Override
    ShellLauncher launcher(Path directory, List<String> prefix) {
        return new BuilderLauncher(directory, prefix);
    }
}
