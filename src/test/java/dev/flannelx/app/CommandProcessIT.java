package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only shows where a command has a process of its own. */
class CommandProcessIT {
    private static final List<String> ON_A_FULL_DISK = List.of("sh", "-c", "exec \"$@\" >/dev/full", "sh");
    private static final List<String> WITHOUT_USER_NAMESPACES =
            List.of("unshare", "-Ur", "sh", "-c", "echo 0 >/proc/sys/user/max_user_namespaces && exec \"$@\"", "sh");

    @TempDir
    private Path folder;

    private CommandRun run(List<String> prefix, String... arguments) throws IOException, InterruptedException {
        String classPath =
                LabProcess.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        try (LabProcess process = LabProcess.start(folder, prefix, classPath, arguments)) {
            return process.end();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "convert src/examples/vxlan.json",
                "validate src/examples/vxlan.json",
                "lab src/examples/host-gw.yaml --nodes 2 --json",
                "--help"
            })
    void outputThatCannotBeWrittenIsNoSuccess(String line) throws Exception {
        CommandRun run = run(ON_A_FULL_DISK, line.split(" ", -1));
        assertThat(run.err()).endsWith("stdout: it cannot be written\n");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    /** The sandbox has a stdin of its own. */
    @ParameterizedTest
    @CsvSource({"exec \"$@\" <src/examples/vxlan.yaml, -", "cat src/examples/vxlan.yaml | \"$@\", /dev/stdin"})
    void aNetworkMayComeFromStdin(String shell, String file) throws Exception {
        CommandRun run = run(List.of("sh", "-c", shell, "sh"), "lab", file, "--nodes", "2", "--seed", "1");
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out()).endsWith("network vxlan, seed 1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lab", "cluster"})
    void whereThereAreNoUserNamespacesThatIsSaid(String command) throws Exception {
        CommandRun run = run(WITHOUT_USER_NAMESPACES, command, "src/examples/vxlan.yaml");
        assertThat(run.err())
                .startsWith("this machine makes no namespaces for an ordinary user: unshare: ")
                .contains("user.max_user_namespaces");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void whatIsWrittenIsSuccess() throws Exception {
        assertThat(run(List.of(), "validate", "src/examples/vxlan.yaml"))
                .isEqualTo(new CommandRun(0, "src/examples/vxlan.yaml: valid\n", ""));
    }
}
