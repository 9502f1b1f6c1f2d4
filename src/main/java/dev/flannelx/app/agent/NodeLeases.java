package dev.flannelx.app.agent;

import dev.flannelx.kube.StoredLeases;
import dev.flannelx.lease.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;

/** The leases of one node in all networks, as SubnetLeases. */
record NodeLeases(KubernetesClient client, String node) implements LeftoverLeases.Store {
    @Override
    public List<Lease> all() throws IOException {
        return StoredLeases.ofNode(client, node);
    }

    @Override
    public void release(Lease lease) throws IOException {
        new StoredLeases(client, lease.network()).release(lease);
    }
}
