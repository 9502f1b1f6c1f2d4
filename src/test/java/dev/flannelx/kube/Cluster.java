package dev.flannelx.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** Makes in a cluster what kubelets and controllers would. */
public final class Cluster {
    static final String NAMESPACE = "flannelx-system";

    private final KubernetesClient admin;

    public Cluster(KubernetesClient admin) {
        this.admin = admin;
    }

    /** Makes a Node, or gives back the one there is. */
    public Node node(String name, Map<String, String> labels) {
        return there(
                admin,
                new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build());
    }

    /** A token as the kubelet would give it to that node's agent: bound to its Pod. */
    public String agentToken(String node) {
        return podToken("flannelx-agent", node);
    }

    /** A token as the kubelet would give it to an operator on that node. */
    public String operatorToken(String node) {
        return podToken("flannelx-operator", node);
    }

    /** A token of that service account that is bound to nothing. */
    public String unboundToken(String serviceAccount) {
        return token(
                serviceAccount,
                new TokenRequestBuilder().withNewSpec().endSpec().build());
    }

    private String podToken(String serviceAccount, String node) {
        Pod pod = there(
                admin,
                new PodBuilder()
                        .withNewMetadata()
                        .withName(serviceAccount + "-" + node)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(node)
                        .withServiceAccountName(serviceAccount)
                        .addNewContainer()
                        .withName("agent")
                        .withImage("flannelx")
                        .endContainer()
                        .endSpec()
                        .build());
        return token(
                serviceAccount,
                new TokenRequestBuilder()
                        .withNewSpec()
                        .withNewBoundObjectRef(
                                "v1",
                                "Pod",
                                pod.getMetadata().getName(),
                                pod.getMetadata().getUid())
                        .endSpec()
                        .build());
    }

    private String token(String serviceAccount, TokenRequest request) {
        return admin.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName(serviceAccount)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    private static <T extends HasMetadata> T there(KubernetesClient client, T wanted) {
        T found = client.resource(wanted).get();
        return found == null ? client.resource(wanted).create() : found;
    }
}
