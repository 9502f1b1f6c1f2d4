package dev.flannelx.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Untyped resources for tests, from YAML. */
public final class Resources {
    private Resources() {}

    public static GenericKubernetesResource yaml(String text) {
        return Serialization.unmarshal(text, GenericKubernetesResource.class);
    }

    /** One of flannelx's own, without a namespace. */
    public static GenericKubernetesResource flannelx(String kind, String name, String spec) {
        return yaml("apiVersion: flannelx.dev/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec: %s\n"
                .formatted(kind, name, spec));
    }
}
