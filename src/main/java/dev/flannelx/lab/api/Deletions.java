package dev.flannelx.lab.api;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Does what controllers and kubelets do once somebody has deleted a Node or an agent's Pod. Of what a garbage collector
 * collects, it collects what a Node owns: that is all that flannelx counts on.
 */
public final class Deletions implements AutoCloseable {
    private static final String API_VERSION = "flannelx.dev/v1alpha1";
    private static final List<String> OWNED = List.of("SubnetLease", "FlannelNode");

    private final KubernetesClient admin;
    private final Agents agents;
    private final SharedIndexInformer<Node> nodes;
    private final SharedIndexInformer<Pod> pods;

    /** What runs the agents. */
    public interface Agents {
        /** Ends the one of a node, for good. Returns when it has ended. */
        void end(String node);

        /** Ends the one of a node and starts another, in another Pod. {@code podGone} is called between the two. */
        void restart(String node, Runnable podGone);
    }

    /** Watches. {@code admin} may do everything. */
    public Deletions(KubernetesClient admin, Agents agents) {
        this.admin = admin;
        this.agents = agents;
        nodes = admin.nodes().inform(new Handler<>(_ -> {}, this::nodeDeleted));
        pods = admin.pods()
                .inNamespace(Kubelets.NAMESPACE)
                .withLabel(Kubelets.NAME_LABEL, Kubelets.AGENT)
                .inform(new Handler<>(this::podChanged, _ -> {}));
    }

    private void nodeDeleted(Node node) {
        String name = node.getMetadata().getName();
        agents.end(name);
        admin.pods()
                .inNamespace(Kubelets.NAMESPACE)
                .withField("spec.nodeName", name)
                .withGracePeriod(0)
                .delete();
        for (String kind : OWNED) {
            admin.genericKubernetesResources(API_VERSION, kind).list().getItems().stream()
                    .filter(resource -> isOwned(resource, node))
                    .forEach(resource -> admin.resource(resource).delete());
        }
    }

    private static boolean isOwned(HasMetadata resource, Node node) {
        return resource.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(node.getMetadata().getUid()));
    }

    /** A Pod that is on a node stays until its kubelet says that it has ended. */
    private void podChanged(Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() != null && isThere(pod)) {
            agents.restart(
                    pod.getSpec().getNodeName(),
                    () -> admin.resource(pod).withGracePeriod(0).delete());
        }
    }

    private boolean isThere(Pod pod) {
        Pod there = admin.resource(pod).get();
        return there != null
                && there.getMetadata().getUid().equals(pod.getMetadata().getUid());
    }

    @Override
    public void close() {
        nodes.close();
        pods.close();
    }

    private record Handler<T>(Consumer<T> changed, Consumer<T> deleted) implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T added) {}

        @Override
        public void onUpdate(T before, T now) {
            changed.accept(now);
        }

        @Override
        public void onDelete(T last, boolean unknown) {
            deleted.accept(last);
        }
    }
}
