package dev.flannelx.lab.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What {@code kubectl apply -k k8s/base} installs, but for what wants controllers and kubelets: types, roles, policies and
 * accounts. The build puts {@code k8s/base} on the class path.
 */
public final class ShippedResources {
    private static final String BASE = "/k8s/base/";
    private static final Set<String> WORKLOADS = Set.of("DaemonSet", "Deployment");
    private static final long MINUTES_AT_MOST = 1;

    private ShippedResources() {}

    /**
     * Installs them, and waits until the types are served.
     *
     * @param client of one who may do everything
     */
    public static void install(KubernetesClient client) throws IOException {
        var types = new ArrayList<HasMetadata>();
        for (HasMetadata resource : all(client)) {
            HasMetadata created = client.resource(resource).create();
            if (created instanceof CustomResourceDefinition) {
                types.add(created);
            }
        }
        for (HasMetadata type : types) {
            client.resource(type).waitUntilCondition(ShippedResources::isServed, MINUTES_AT_MOST, TimeUnit.MINUTES);
        }
    }

    /** Those, in the order in which the kustomization names them. */
    static List<HasMetadata> all(KubernetesClient client) throws IOException {
        var resources = new ArrayList<HasMetadata>();
        for (JsonNode file :
                new YAMLMapper().readTree(open("kustomization.yaml")).get("resources")) {
            client.load(open(file.textValue())).items().stream()
                    .filter(resource -> !WORKLOADS.contains(resource.getKind()))
                    .forEach(resources::add);
        }
        return resources;
    }

    private static InputStream open(String file) throws IOException {
        InputStream found = ShippedResources.class.getResourceAsStream(BASE + file);
        if (found == null) {
            throw new FileNotFoundException(BASE + file + " is not on the class path");
        }
        return found;
    }

    private static boolean isServed(HasMetadata resource) {
        return resource instanceof CustomResourceDefinition type
                && type.getStatus() != null
                && type.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }
}
