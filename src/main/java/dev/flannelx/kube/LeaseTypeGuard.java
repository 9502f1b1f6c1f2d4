package dev.flannelx.kube;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells a lease that was given up from one that went with its type. While the SubnetLease CRD is gone or going, and for a
 * while after it came back with another uid, that a lease is not there says nothing about its node.
 */
public final class LeaseTypeGuard {
    /** How long nodes have to claim their subnets again after the type came back. */
    static final Duration SETTLING = Duration.ofMinutes(5);

    /** Whatever type comes next is another one. */
    private static final String GONE = "";

    private final KubernetesClient client;
    private final InstantSource clock;
    private @Nullable String uid;
    private Instant trustedFrom = Instant.MIN;

    /** A guard for all networks of an agent. {@code clock} is monotonic. */
    public LeaseTypeGuard(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Gets to know the type that there is, so that another one is noticed; where that fails, the first check does. */
    public void meet() {
        try {
            check();
        } catch (IOException e) {
            // Nobody has asked yet.
        }
    }

    /**
     * Looks at the type; what was read of leases before this counts if it returns.
     *
     * @throws IOException if the absence of a lease means nothing now; says why
     */
    public void check() throws IOException {
        Optional<CustomResourceDefinition> definition = ApiCall.read(() -> Optional.ofNullable(client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(ResourceTypes.LEASE_DEFINITION)
                .get()));
        judge(definition.map(CustomResourceDefinition::getMetadata).orElse(null));
    }

    synchronized void judge(@Nullable ObjectMeta definition) throws IOException {
        if (definition == null) {
            uid = GONE;
            throw new IOException("the resource type " + ResourceTypes.LEASE_DEFINITION + " is gone");
        }
        if (definition.getDeletionTimestamp() != null) {
            uid = GONE;
            throw new IOException("the resource type " + ResourceTypes.LEASE_DEFINITION + " is being deleted");
        }
        if (uid != null && !uid.equals(definition.getUid())) {
            trustedFrom = clock.instant().plus(SETTLING);
        }
        uid = definition.getUid();
        if (clock.instant().isBefore(trustedFrom)) {
            throw new IOException("the resource type " + ResourceTypes.LEASE_DEFINITION
                    + " was made anew: nodes have until " + trustedFrom + " to claim their subnets again");
        }
    }
}
