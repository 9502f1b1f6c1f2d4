package dev.flannelx.lab.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void whereOneIsMissingTheCommandThatProvidesItIsNamed() throws IOException {
        assertThatThrownBy(() -> ApiServerPrograms.in(store))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(store + "/k8s/1.34.4-linux-")
                .hasMessageEndingWith("/etcd is missing: run src/provision/apiserver.sh, which downloads or builds it");
    }
}
