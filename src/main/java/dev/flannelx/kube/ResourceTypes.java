package dev.flannelx.kube;

import dev.flannelx.kube.resource.FlannelNetwork;
import dev.flannelx.kube.resource.FlannelNode;
import dev.flannelx.kube.resource.SubnetLease;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * How the resources are read: as untyped JSON, since one object that does not fit its class would otherwise take a whole
 * list with it.
 */
public final class ResourceTypes {
    public static final ResourceDefinitionContext NETWORKS =
            ResourceDefinitionContext.fromResourceType(FlannelNetwork.class);
    public static final ResourceDefinitionContext LEASES =
            ResourceDefinitionContext.fromResourceType(SubnetLease.class);
    public static final ResourceDefinitionContext FLANNEL_NODES =
            ResourceDefinitionContext.fromResourceType(FlannelNode.class);

    /** The Nodes of Kubernetes itself. */
    public static final ResourceDefinitionContext NODES = new ResourceDefinitionContext.Builder()
            .withVersion("v1")
            .withKind("Node")
            .withPlural("nodes")
            .withNamespaced(false)
            .build();

    /** The name of the CRD of {@link #LEASES}. */
    static final String LEASE_DEFINITION = LEASES.getPlural() + "." + LEASES.getGroup();

    private ResourceTypes() {}
}
