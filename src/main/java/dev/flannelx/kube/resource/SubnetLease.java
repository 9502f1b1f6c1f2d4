package dev.flannelx.kube.resource;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Who has which subnet. Its name says network and subnet, so that creating it is the compare-and-swap. */
@Group(Schemas.GROUP)
@Version(Schemas.VERSION)
@ShortNames("slease")
public final class SubnetLease extends CustomResource<SubnetLeaseSpec, Void> {
    /** The holder's uid where no ownerReference says it: a reservation must not go with its Node. */
    public static final String NODE_UID = "flannelx.dev/node-uid";

    @Override
    protected @Nullable SubnetLeaseSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable Void initStatus() {
        return null;
    }
}
