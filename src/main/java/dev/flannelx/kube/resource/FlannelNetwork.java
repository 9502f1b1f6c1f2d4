package dev.flannelx.kube.resource;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** What is wanted: a network, and the commands that connect nodes to it. */
@Group(Schemas.GROUP)
@Version(Schemas.VERSION)
@ShortNames("fnet")
public final class FlannelNetwork extends CustomResource<FlannelNetworkSpec, FlannelNetworkStatus> {
    /** Holds the resource until its nodes have taken it down, or were waited for long enough. */
    public static final String FINALIZER = "flannelx.dev/teardown";

    /** Set to {@code "true"}, it stops all hooks of the network. */
    public static final String PAUSED = "flannelx.dev/paused";

    @Override
    protected @Nullable FlannelNetworkSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable FlannelNetworkStatus initStatus() {
        return null;
    }
}
