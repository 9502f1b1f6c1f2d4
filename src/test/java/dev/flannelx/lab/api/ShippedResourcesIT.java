package dev.flannelx.lab.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A throw-away cluster gets what ships, from the class path. */
class ShippedResourcesIT {
    @TempDir
    private Path directory;

    @Test
    void areServedAsSoonAsTheyAreInstalled() throws IOException {
        try (var server = new ApiServer(ApiServerPrograms.find(), directory.resolve("server"))) {
            server.start();
            try (KubernetesClient client = server.admin()) {
                ShippedResources.install(client);

                for (String type : List.of("FlannelNetwork", "SubnetLease", "FlannelNode")) {
                    assertThat(client.genericKubernetesResources("flannelx.dev/v1alpha1", type)
                                    .list()
                                    .getItems())
                            .as(type)
                            .isEmpty();
                }
                List<HasMetadata> shipped = ShippedResources.all(client);
                assertThat(shipped.stream().map(HasMetadata::getKind))
                        .contains("Namespace", "ServiceAccount", "ClusterRole", "ValidatingAdmissionPolicy", "Role")
                        .doesNotContain("DaemonSet", "Deployment");
                assertThat(shipped)
                        .allSatisfy(resource ->
                                assertThat(client.resource(resource).get()).isNotNull());
            }
        }
        assertThat(Files.exists(directory.resolve("server"))).isFalse();
    }
}
