package dev.flannelx.kube;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that tells programs where the API server is, and who they are there. */
public final class Kubeconfig {
    private Kubeconfig() {}

    /** Writes one that says what that configuration does. */
    public static Path write(Path file, Config config) throws IOException {
        return Files.writeString(
                file, """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: test, user: {token: "%s"}}]
                contexts: [{name: test, context: {cluster: test, user: test}}]
                """.formatted(config.getMasterUrl(), config.getCaCertFile(), config.getOauthToken()));
    }
}
