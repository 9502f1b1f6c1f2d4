package dev.flannelx.kube;

import dev.flannelx.lab.api.Kubelets;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** Makes in a cluster what kubelets and controllers would. */
public final class Cluster {
    static final String NAMESPACE = Kubelets.NAMESPACE;

    private final Kubelets kubelets;

    public Cluster(KubernetesClient admin) {
        this.kubelets = new Kubelets(admin);
    }

    /** Makes a Node, or gives back the one there is. */
    public Node node(String name, Map<String, String> labels) {
        return kubelets.there(new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build());
    }

    /** A token as the kubelet would give it to that node's agent: bound to its Pod. */
    public String agentToken(String node) {
        return kubelets.podToken(Kubelets.AGENT, node);
    }

    /** A token as the kubelet would give it to an operator on that node. */
    public String operatorToken(String node) {
        return kubelets.podToken(Kubelets.OPERATOR, node);
    }

    /** A token of that service account that is bound to nothing. */
    public String unboundToken(String serviceAccount) {
        return kubelets.unboundToken(serviceAccount);
    }
}
