package dev.flannelx.bench;

import dev.flannelx.kube.Resources;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** The other nodes of a network on a real API server, as one of the daemons sees them. */
enum Neighbours {
    /** Nodes with the annotations of flanneld in kube mode. */
    NODES {
        @Override
        HasMetadata resource(int number) {
            String subnet = Engine.subnet(number).toString();
            return new NodeBuilder()
                    .withNewMetadata()
                    .withName("peer-" + number)
                    .withAnnotations(Map.of(
                            "flannel.alpha.coreos.com/kube-subnet-manager",
                            "true",
                            "flannel.alpha.coreos.com/backend-type",
                            "extension",
                            "flannel.alpha.coreos.com/backend-data",
                            "\"" + DATA + "\"",
                            "flannel.alpha.coreos.com/public-ip",
                            address(number)))
                    .endMetadata()
                    .withNewSpec()
                    .withPodCIDR(subnet)
                    .withPodCIDRs(subnet)
                    .endSpec()
                    .build();
        }
    },

    LEASES {
        @Override
        HasMetadata resource(int number) {
            String subnet = Engine.subnet(number).toString();
            return Resources.flannelx(
                    "SubnetLease",
                    NETWORK + "-" + subnet.replaceAll("[./]", "-"),
                    "{network: %s, nodeName: peer-%d, subnet: %s, publicIP: %s, backendType: extension, backendData: '%s'}"
                            .formatted(NETWORK, number, subnet, address(number), DATA));
        }
    };

    /** The network that the leases are of. */
    static final String NETWORK = "bench";

    private static final int AT_ONCE = 32;

    /** As that of a vxlan interface. */
    private static final String DATA = "a2:b1:c3:d4:e5:f6";

    /** What says that peer {@code number} is there. */
    abstract HasMetadata resource(int number);

    private static String address(int number) {
        return String.valueOf(Engine.address(number).ipv4());
    }

    void join(KubernetesClient admin, int number) {
        admin.resource(resource(number)).create();
    }

    void leave(KubernetesClient admin, int number) {
        admin.resource(resource(number)).delete();
    }

    /** Lets all peers {@code from} to {@code to} join. */
    void join(KubernetesClient admin, int from, int to) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Callable<Void>> joins = IntStream.rangeClosed(from, to)
                    .<Callable<Void>>mapToObj(number -> () -> {
                        join(admin, number);
                        return null;
                    })
                    .toList();
            for (var join : threads.invokeAll(joins)) {
                join.get();
            }
        }
    }
}
