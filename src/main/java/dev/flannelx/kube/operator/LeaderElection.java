package dev.flannelx.kube.operator;

import dev.flannelx.kube.ApiCall;
import dev.flannelx.kube.ApiCall.Written;
import dev.flannelx.reconcile.Worker;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that one of several operators leads, by a {@code coordination.k8s.io} Lease.
 *
 * <p>The rules are client-go's (https://pkg.go.dev/k8s.io/client-go/tools/leaderelection): whoever wants to lead waits
 * until the Lease has not changed for its duration on its own clock, and whoever leads stops by itself some time before
 * that. fabric8's elector is not used, since it compares the holder's wall clock with its own: of two whose clocks are
 * apart one takes the Lease away from a living leader, or waits for a day for a dead one's.
 */
final class LeaderElection {
    static final String NAME = "flannelx-operator";

    private static final Logger LOG = Logger.getLogger(LeaderElection.class);

    /** What was seen of the Lease last, and since when it has been like that. */
    private record Observed(String version, Instant since) {}

    private final KubernetesClient client;
    private final OperatorIdentity identity;
    private final ElectionTiming timing;
    private final InstantSource clock;
    private final InstantSource wall;
    private final Runnable changed;
    private final Worker worker;
    private @Nullable Observed observed;
    private volatile Instant leadsUntil = Instant.MIN;
    private final AtomicLong term = new AtomicLong();
    private volatile boolean closed;
    private boolean told;

    /**
     * An election that does not begin before {@link #start}.
     *
     * @param clocks of which the one for elections must not jump
     * @param changed called when this one begins or ceases to lead; must return at once
     */
    LeaderElection(
            KubernetesClient client,
            OperatorIdentity identity,
            ElectionTiming timing,
            OperatorClocks clocks,
            Runnable changed) {
        this.client = OneTry.of(client, timing.deadline().dividedBy(2));
        this.identity = identity;
        this.timing = timing;
        this.clock = clocks.election();
        this.wall = clocks.wall();
        this.changed = changed;
        worker = new Worker("election", clock, this::campaign, bug -> LOG.error("leader election failed", bug));
    }

    void start() {
        worker.start();
    }

    /** Whether its thread is there: without one it never leads again. */
    boolean isAlive() {
        return worker.isAlive();
    }

    /** Whether this one leads, this very moment. */
    boolean isLeading() {
        return !closed && clock.instant().isBefore(leadsUntil);
    }

    /** Which time it is that this one leads; what was begun in another is not to be gone on with. */
    long term() {
        return term.get();
    }

    /** Leads no more; others find out by themselves. */
    void stop() throws InterruptedException {
        closed = true;
        worker.stop(Duration.ZERO);
        tell();
    }

    /** Lets another one lead at once. To be called when this one has stopped, and nothing of its work goes on. */
    void release() {
        try {
            Lease lease = ApiCall.read(() -> resource().get());
            if (lease != null && isMine(lease)) {
                store(new LeaseBuilder(lease)
                        .editSpec()
                        .withHolderIdentity("")
                        .withLeaseDurationSeconds(1)
                        .withRenewTime(wall.instant().atZone(ZoneOffset.UTC))
                        .endSpec()
                        .build());
            }
        } catch (IOException e) {
            LOG.infof("the leader's lease was not given back: %s", e.getMessage());
        }
    }

    private Optional<Instant> campaign() {
        Instant asked = clock.instant();
        try {
            if (tryToLead()) {
                if (!isLeading()) {
                    // It may have led until a moment ago: who heard of that meanwhile is to hear of this term too.
                    tell();
                    term.incrementAndGet();
                }
                leadsUntil = asked.plus(timing.deadline());
            } else {
                leadsUntil = Instant.MIN;
            }
        } catch (IOException e) {
            LOG.debugf("leader's lease: %s", e.getMessage());
        }
        tell();
        return Optional.of(asked.plus(timing.retry()));
    }

    /** @throws IOException if nobody knows: what was true stays true until the deadline */
    private boolean tryToLead() throws IOException {
        Lease lease = ApiCall.read(() -> resource().get());
        if (lease == null) {
            return write(new LeaseBuilder()
                    .withNewMetadata()
                    .withName(NAME)
                    .withNamespace(identity.namespace())
                    .endMetadata()
                    .withNewSpec()
                    .endSpec()
                    .build());
        }
        if (lease.getSpec() == null) {
            lease.setSpec(new LeaseSpec());
        }
        String version = lease.getMetadata().getResourceVersion();
        if (observed == null || !observed.version().equals(version)) {
            observed = new Observed(version, clock.instant());
        }
        boolean free = isMine(lease) || holder(lease).isEmpty() || isExpired(lease, observed.since());
        return free && write(lease);
    }

    private boolean isExpired(Lease lease, Instant since) {
        Integer seconds = lease.getSpec().getLeaseDurationSeconds();
        Duration duration = seconds == null ? timing.duration() : Duration.ofSeconds(seconds);
        return !since.plus(duration).isAfter(clock.instant());
    }

    /** Makes it this one's, or renews it; false if somebody else wrote it meanwhile. */
    private boolean write(Lease lease) throws IOException {
        var now = wall.instant().atZone(ZoneOffset.UTC);
        LeaseSpec before = lease.getSpec();
        boolean mine = isMine(lease);
        int transitions = Objects.requireNonNullElse(before.getLeaseTransitions(), 0);
        Lease wanted = new LeaseBuilder(lease)
                .editSpec()
                .withHolderIdentity(identity.name())
                .withLeaseDurationSeconds((int) Math.max(1, timing.duration().toSeconds()))
                .withAcquireTime(mine ? before.getAcquireTime() : now)
                .withRenewTime(now)
                .withLeaseTransitions(mine || before.getHolderIdentity() == null ? transitions : transitions + 1)
                .endSpec()
                .build();
        return store(wanted) instanceof Written.Done<Lease>;
    }

    private Written<Lease> store(Lease lease) throws IOException {
        boolean isNew = lease.getMetadata().getResourceVersion() == null;
        Written<Lease> written = ApiCall.write(() ->
                isNew ? client.resource(lease).create() : client.resource(lease).update());
        if (written instanceof Written.Refused<Lease>(String message)) {
            throw new IOException(message);
        }
        return written;
    }

    private void tell() {
        boolean leads = isLeading();
        if (leads != told) {
            told = leads;
            LOG.infof(leads ? "leading as %s" : "no longer leading as %s", identity.name());
            changed.run();
        }
    }

    private boolean isMine(Lease lease) {
        return holder(lease).equals(identity.name());
    }

    private static String holder(Lease lease) {
        return Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), "");
    }

    private Resource<Lease> resource() {
        return client.leases().inNamespace(identity.namespace()).withName(NAME);
    }
}
