package dev.flannelx.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names the span in which what a hook did to the network can still be there: one boot, one network namespace. */
public final class KernelLife {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private KernelLife() {}

    /**
     * The name of the current boot and of a network namespace.
     *
     * @param namespace a namespace file, such as {@code /proc/self/ns/net}
     * @throws IOException if the kernel does not say
     */
    public static String of(Path namespace) throws IOException {
        return Files.readString(BOOT_ID).strip() + " net:" + Files.getAttribute(namespace, "unix:ino");
    }
}
