package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image of the JVM without an image: the same files in one directory, trained and started as there. */
class AotCacheIT {
    private static final long MINUTES_AT_MOST = 5;

    @TempDir
    private static Path directory;

    private static CommandRun training = new CommandRun(-1, "", "");

    @BeforeAll
    static void train() throws IOException, InterruptedException {
        Path image = directory.resolve("image");
        CommandRun copied =
                run("sh", "-c", "cp -a target/quarkus-app " + image + " && cp -a src/main/docker/* " + image);
        assertThat(copied.exitCode()).as(copied.toString()).isZero();
        training = run(image("train.sh"));
    }

    private static String image(String file) {
        return directory.resolve("image").resolve(file).toString();
    }

    private static CommandRun run(String... argv) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        var builder =
                new ProcessBuilder(List.of(argv)).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .merge(
                        "PATH",
                        Path.of(System.getProperty("java.home"), "bin").toString(),
                        (path, java) -> java + File.pathSeparator + path);
        Process process = builder.start();
        try {
            if (!process.waitFor(MINUTES_AT_MOST, TimeUnit.MINUTES)) {
                throw new AssertionError(String.join(" ", argv) + " is still running: " + Files.readString(err));
            }
        } finally {
            process.destroy();
        }
        return new CommandRun(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void anAgentThatStartsAndStopsLeavesACacheThatFits() {
        assertThat(training).isEqualTo(new CommandRun(0, "", ""));
        assertThat(Path.of(image("flannelx.aot"))).isNotEmptyFile();
    }

    @Test
    void theProgramOfTheImageSaysNothingButItsResult() throws Exception {
        CommandRun version = run(image("flannelx"), "--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.out().lines()).singleElement().asString().contains("0.1.0");
        assertThat(version.err()).isEmpty();
    }

    @Test
    void theCacheFitsAnotherHeapThatTheEnvironmentAsksFor() throws Exception {
        CommandRun version = run(
                "env",
                "FLANNELX_JAVA_OPTIONS=-Xmx384m -XX:AOTMode=on -XX:+PrintCommandLineFlags",
                image("flannelx"),
                "--version");
        assertThat(version.exitCode()).as(version.err()).isZero();
        assertThat(version.out()).contains(" -XX:MaxHeapSize=402653184 ", "flannelx 0.1.0");
        assertThat(version.err()).isEmpty();
    }

    @Test
    void aCacheThatFitsNoMoreIsLeftAside() throws Exception {
        Path other = directory.resolve("other");
        assertThat(run("cp", "-a", image("."), other.toString()).exitCode()).isZero();
        Files.setLastModifiedTime(other.resolve("quarkus-run.jar"), FileTime.from(Instant.EPOCH));
        CommandRun version = run(other.resolve("flannelx").toString(), "--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.out().lines()).hasSize(1);
        assertThat(version.err()).contains("quarkus-run.jar");
    }
}
