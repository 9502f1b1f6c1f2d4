package dev.flannelx.lab.api;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes in a cluster without machines what kubelets and controllers would: Nodes, Pods, and tokens bound to them. */
public final class Kubelets {
    /** Where flannelx lives. */
    public static final String NAMESPACE = "flannelx-system";

    /** The service account of agents, and the name in their Pods' labels. */
    public static final String AGENT = "flannelx-agent";

    /** The service account of operators. */
    public static final String OPERATOR = "flannelx-operator";

    static final String NAME_LABEL = "app.kubernetes.io/name";

    /** A kubelet renews tokens; here one outlives whoever plays with the cluster. */
    private static final long TOKEN_SECONDS = Duration.ofDays(365).toSeconds();

    private final KubernetesClient admin;

    /** Those of a cluster; {@code admin} may do everything there. */
    public Kubelets(KubernetesClient admin) {
        this.admin = admin;
    }

    /** Makes a Node that is ready. */
    public Node register(String name, List<String> addresses, List<String> podCidrs) {
        Node node = there(new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("kubernetes.io/hostname", name, "kubernetes.io/os", "linux"))
                .endMetadata()
                .withNewSpec()
                .withPodCIDR(podCidrs.isEmpty() ? null : podCidrs.getFirst())
                .withPodCIDRs(podCidrs)
                .endSpec()
                .build());
        node.setStatus(ready(addresses));
        return admin.nodes().resource(node).updateStatus();
    }

    private static NodeStatus ready(List<String> addresses) {
        String now = now();
        return new NodeStatusBuilder()
                .withAddresses(addresses.stream()
                        .map(address -> new NodeAddress(address, "InternalIP"))
                        .toList())
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("KubeletReady")
                .withMessage("there is no kubelet: this Node is made up")
                .withLastHeartbeatTime(now)
                .withLastTransitionTime(now)
                .endCondition()
                .build();
    }

    /** A token as a kubelet gives it to the Pod of that service account on that node: bound to the Pod, which runs. */
    public String podToken(String serviceAccount, String node) {
        Pod pod = pod(serviceAccount, node).orElseGet(() -> running(newPod(serviceAccount, node)));
        return token(
                serviceAccount,
                new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .withNewBoundObjectRef(
                                "v1",
                                "Pod",
                                pod.getMetadata().getName(),
                                pod.getMetadata().getUid())
                        .endSpec()
                        .build());
    }

    /** A token of that service account that is bound to nothing. */
    public String unboundToken(String serviceAccount) {
        return token(
                serviceAccount,
                new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .endSpec()
                        .build());
    }

    /** The one that is there and stays. */
    private Optional<Pod> pod(String serviceAccount, String node) {
        return admin
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel(NAME_LABEL, serviceAccount)
                .withField("spec.nodeName", node)
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .findFirst();
    }

    /** As from a DaemonSet, its name is none that was there before: kubectl would wait for that one to go. */
    private Pod newPod(String serviceAccount, String node) {
        return admin.resource(new PodBuilder()
                        .withNewMetadata()
                        .withGenerateName(serviceAccount + "-")
                        .withNamespace(NAMESPACE)
                        .withLabels(Map.of(NAME_LABEL, serviceAccount))
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(node)
                        .withServiceAccountName(serviceAccount)
                        .addNewContainer()
                        .withName("flannelx")
                        .withImage("flannelx")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private Pod running(Pod pod) {
        String now = now();
        pod.setStatus(new PodStatusBuilder()
                .withPhase("Running")
                .withStartTime(now)
                .addNewContainerStatus()
                .withName("flannelx")
                .withImage("flannelx")
                .withReady(true)
                .withNewState()
                .withNewRunning(now)
                .endState()
                .endContainerStatus()
                .build());
        return admin.pods().resource(pod).updateStatus();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private String token(String serviceAccount, TokenRequest request) {
        return admin.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName(serviceAccount)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    /** Makes it, or gives back the one there is. */
    public <T extends HasMetadata> T there(T wanted) {
        T found = admin.resource(wanted).get();
        return found == null ? admin.resource(wanted).create() : found;
    }
}
