package dev.flannelx.kube.operator;

import static dev.flannelx.kube.operator.OperatedCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.fault.FaultProxy;
import dev.flannelx.kube.fault.Faults;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.Test;

/** What a new leader must have seen before it decides anything, on a real API server. */
class TakeoverIT {
    /** Watches that are silent from now on, as one that is late. */
    private static final Faults LATE = new Faults() {
        @Override
        public OfRequest request(String method, String uri) {
            return new OfRequest.Pass();
        }

        @Override
        public OfEvent event() {
            return OfEvent.MUTE;
        }
    };

    @Test
    void aNetworkOfWhichALaterGenerationIsStoredIsWaitedFor() throws Exception {
        try (var cluster = new OperatedCluster();
                var proxy = new FaultProxy(cluster.server.url(), Faults.NONE);
                KubernetesClient client = ApiServer.client(new ConfigBuilder(cluster.admin.getConfiguration())
                        .withMasterUrl(proxy.url())
                        .build());
                var caches = new Caches(client, new Deaf())) {
            cluster.network("demo", "{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: add}}");
            var takeover = new Takeover(cluster.admin, caches);
            caches.start();
            await("all there is has been seen").until(caches::haveSynced);
            assertThat(takeover.isDone()).isTrue();

            proxy.faults(LATE);
            cluster.network("demo", "{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: other}}");
            assertThat(takeover.isDone()).isFalse();
            proxy.faults(Faults.NONE);
            caches.compare();
            await("the later one has been seen").until(takeover::isDone);
        }
    }
}
