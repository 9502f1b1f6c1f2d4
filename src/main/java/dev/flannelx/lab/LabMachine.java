package dev.flannelx.lab;

import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node of the lab as its agent finds it.
 *
 * @param podSubnet its {@code spec.podCIDRs}, or null
 * @param directory its own, for what an agent keeps
 * @param networkNamespace the file that stands for its network
 * @param enter of a directory below {@code directory} makes the words that run a program there, in the node
 */
public record LabMachine(
        String name,
        PublicAddress publicAddress,
        @Nullable Subnet podSubnet,
        Path directory,
        Path networkNamespace,
        Function<Path, List<String>> enter) {}
