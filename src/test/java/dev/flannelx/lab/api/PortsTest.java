package dev.flannelx.lab.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void givesOutEachOnceAndNoneThatTheKernelMayGive() throws IOException {
        var given = new ArrayList<Integer>();
        for (int count = 0; count < 100; count++) {
            given.add(Ports.free());
        }
        String range;
        try (InputStream file = Files.newInputStream(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            // In one read: the kernel gives nothing to a second one.
            range = new String(file.readNBytes(64), StandardCharsets.US_ASCII);
        }
        int kernels = Integer.parseInt(range.split("\\s+", -1)[0]);
        assertThat(given).as("below " + kernels).doesNotHaveDuplicates().allMatch(port -> port < kernels);
    }

    @Test
    void passesOverWhatIsInUse() throws IOException {
        int port = Ports.free();
        try (var inUse = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            for (int call = 0; call < Ports.COUNT; call++) {
                assertThat(Ports.free()).isNotEqualTo(inUse.getLocalPort());
            }
        }
    }
}
