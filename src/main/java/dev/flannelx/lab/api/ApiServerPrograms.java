package dev.flannelx.lab.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The programs of an API server: etcd, kube-apiserver and kubectl, as {@code src/provision/apiserver.sh} provides them. */
public record ApiServerPrograms(Path folder) {
    /** The environment variable that names the folder of folders in which they are. */
    public static final String STORE = "KUBE_API_TEST_DIR";

    /** The version that the script provides. */
    static final String KUBERNETES = "1.34.4";

    private static final List<String> NEEDED = List.of("etcd", "kube-apiserver", "kubectl");

    /**
     * Those in {@code $KUBE_API_TEST_DIR}, or else in {@code .kubeapitest} of the user's home.
     *
     * @throws IOException with the command that provides them, if they are not all there
     */
    public static ApiServerPrograms find() throws IOException {
        Path store = Optional.ofNullable(System.getenv(STORE))
                .filter(named -> !named.isEmpty())
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".kubeapitest"));
        return in(store);
    }

    static ApiServerPrograms in(Path store) throws IOException {
        Path folder = store.toAbsolutePath().resolve("k8s", KUBERNETES + "-linux-" + architecture());
        for (String name : NEEDED) {
            if (!Files.isExecutable(folder.resolve(name))) {
                throw new IOException("%s is missing: run src/provision/apiserver.sh, which downloads or builds it"
                        .formatted(folder.resolve(name)));
            }
        }
        return new ApiServerPrograms(folder);
    }

    /** The folder of folders: what {@value #STORE} is to name for another process to find the same. */
    public Path store() {
        return folder.resolve("../..").normalize();
    }

    Path program(String name) {
        return folder.resolve(name);
    }

    /** kubectl of the same version. */
    public Path kubectl() {
        return program("kubectl");
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }
}
