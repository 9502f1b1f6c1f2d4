package dev.flannelx.kube.resource;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** What a node did, and what the operator tells it: one per Node, named like it, owned by it. */
@Group(Schemas.GROUP)
@Version(Schemas.VERSION)
@ShortNames("fnode")
public final class FlannelNode extends CustomResource<FlannelNodeSpec, FlannelNodeStatus> {
    @Override
    protected @Nullable FlannelNodeSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable FlannelNodeStatus initStatus() {
        return null;
    }
}
