package dev.flannelx.app;

import dev.flannelx.lab.api.ApiServerPrograms;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Somebody who is not root, and can read only what is put into a directory for everybody. */
final class OrdinaryUser {
    private static final String PROGRAMS = "programs";
    private static final int NOBODY = 65534;
    /** As on most machines the device is everybody's, here too, in a mount namespace that ends with the program. */
    private static final String WITH_TUN =
            "mount -t tmpfs -o mode=755 tmpfs /dev/net" + " && mknod -m 666 /dev/net/tun c 10 200 && exec \"$@\"";

    private final Path directory;
    private final String classPath;

    /** One who can read flannelx, which is copied into that directory. */
    OrdinaryUser(Path directory) throws IOException {
        this.directory = directory;
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        var copies = new ArrayList<String>();
        for (Path entry : LabProcess.classPath()) {
            copies.add(copy(entry, copies.size() + "-" + entry.getFileName()).toString());
        }
        classPath = String.join(File.pathSeparator, copies);
    }

    /** The class path of flannelx. */
    String classPath() {
        return classPath;
    }

    /** Copies a file or a folder for everybody to read, and to execute what can be executed. */
    Path copy(Path from, String name) throws IOException {
        Path to = directory.resolve(name);
        Path parent = directory;
        for (Path step : Path.of(name)) {
            parent = parent.resolve(step);
            if (!parent.equals(to)) {
                // Whatever this process's umask is by now: that of hooks, once it has run one.
                Files.setPosixFilePermissions(
                        Files.createDirectories(parent), PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                return allow(Files.createDirectories(to.resolve(from.relativize(path))), "rwxr-xr-x");
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                Path target = from.equals(path) ? to : to.resolve(from.relativize(path));
                return allow(Files.copy(path, target), Files.isExecutable(path) ? "rwxr-xr-x" : "rw-r--r--");
            }

            private FileVisitResult allow(Path path, String mode) throws IOException {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
                return FileVisitResult.CONTINUE;
            }
        });
        return to;
    }

    /** The words that make an ordinary user of root; none where this is one. */
    List<String> words() throws IOException {
        var words = new ArrayList<String>();
        if (isRoot()) {
            Path tun = Path.of("/dev/net/tun");
            if (Files.exists(tun) && !Files.getPosixFilePermissions(tun).contains(PosixFilePermission.OTHERS_WRITE)) {
                words.addAll(List.of("unshare", "-m", "sh", "-c", WITH_TUN, "sh"));
            }
            words.addAll(List.of("setpriv", "--reuid", "" + NOBODY, "--regid", "" + NOBODY, "--clear-groups"));
        }
        words.addAll(List.of("env", "PATH=" + path()));
        return words;
    }

    /** The same, for one who can also start an API server. */
    List<String> wordsWithApiServer() throws IOException {
        Path folder = ApiServerPrograms.find().folder();
        if (!Files.exists(directory.resolve(PROGRAMS))) {
            copy(folder, PROGRAMS + "/k8s/" + folder.getFileName());
        }
        var words = new ArrayList<>(words());
        words.add(ApiServerPrograms.STORE + "=" + directory.resolve(PROGRAMS));
        return words;
    }

    /** Without root's programs: on Debian ip, bridge and arp are among them, or only there. */
    private static String path() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .filter(path -> !path.endsWith("sbin"))
                .collect(Collectors.joining(":"));
    }

    private static boolean isRoot() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    }
}
