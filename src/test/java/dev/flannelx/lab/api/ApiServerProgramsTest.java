package dev.flannelx.lab.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerProgramsTest {
    @TempDir
    private Path store;

    @Test
    void areOfTheVersionThatTheScriptProvides() throws IOException {
        assertThat(Files.readString(Path.of("src/provision/apiserver/go.mod")))
                .containsPattern("k8s\\.io/kubernetes v" + ApiServerPrograms.KUBERNETES + "\\b");
    }

    /** Who has no curl would else be told to build the programs. */
    @Test
    void withoutCurlTheScriptNamesTheCommandThatInstallsIt() throws Exception {
        Path programs = Files.createDirectory(store.resolve("programs"));
        for (String name :
                List.of("awk", "cut", "dirname", "flock", "getent", "id", "mkdir", "rm", "sed", "sh", "tr", "uname")) {
            Files.createSymbolicLink(programs.resolve(name), Path.of("/usr/bin", name));
        }
        var builder = new ProcessBuilder("src/provision/apiserver.sh").redirectErrorStream(true);
        builder.environment().put("PATH", programs.toString());
        builder.environment().put("KUBE_API_TEST_DIR", store.toString());
        Process process = builder.start();
        assertThat(process.getInputStream())
                .hasContent(
                        "missing: curl. Install with: sudo apt-get install --no-install-recommends curl ca-certificates");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void whereOneIsMissingTheCommandThatProvidesItIsNamed() throws IOException {
        assertThatThrownBy(() -> ApiServerPrograms.in(store))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(store + "/k8s/1.34.4-linux-")
                .hasMessageEndingWith("/etcd is missing: run src/provision/apiserver.sh, which downloads or builds it");
    }
}
