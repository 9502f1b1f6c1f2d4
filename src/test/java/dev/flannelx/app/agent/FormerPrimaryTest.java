package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.host.HostPublication.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormerPrimaryTest {
    private static final List<String> NETWORKS = List.of("first", "second", "unpublished");

    @TempDir
    private Path folder;

    private Places places;

    @BeforeEach
    void publish() throws IOException {
        places = new Places(folder.resolve("flannelx"), folder.resolve("flannel"), null);
        write("flannelx/first", "FLANNEL_NETWORK=10.50.0.0/16\n");
        write("flannelx/second", "FLANNEL_NETWORK=10.60.0.0/16\n");
    }

    private void write(String directory, String text) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve(directory)).resolve("subnet.env"), text);
    }

    @Test
    void isTheOneWhoseSubnetEnvFlannelsIs() throws IOException {
        write("flannel", "FLANNEL_NETWORK=10.60.0.0/16\n");
        assertThat(FormerPrimary.among(NETWORKS, places)).contains("second");
        assertThat(FormerPrimary.among(List.of("first"), places)).isEmpty();
    }

    @Test
    void isNoneWhereFlannelsIsSomebodyElsesOrNotThere() throws IOException {
        assertThat(FormerPrimary.among(NETWORKS, places)).isEmpty();
        write("flannel", "FLANNEL_NETWORK=10.244.0.0/16\n");
        assertThat(FormerPrimary.among(NETWORKS, places)).isEmpty();
    }
}
