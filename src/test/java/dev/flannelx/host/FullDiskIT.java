package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a disk that is really full: a small one, in a mount namespace that ends with the program. */
class FullDiskIT {
    private static final String ON_A_SMALL_DISK =
            "mount -t tmpfs -o size=64k tmpfs \"$1\" && exec \"$2\" -cp \"$3\" " + FullDisk.class.getName() + " \"$1\"";

    @TempDir
    Path directory;

    @Test
    void losesNothingThatWasKeptAndGoesOnWhenThereIsRoom() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        "unshare",
                        "-Urm",
                        "sh",
                        "-c",
                        ON_A_SMALL_DISK,
                        "sh",
                        directory.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path")))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).startsWith("kept all of ");
    }
}
