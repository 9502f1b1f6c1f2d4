package dev.flannelx.reconcile;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** What a node's situation looks like from outside. */
final class StatusReport {
    private StatusReport() {}

    /**
     * The status.
     *
     * @param trouble what the last chore or the journal met with, or empty
     * @param tried whether every peer has been tried, or long enough waited for
     */
    static NetworkStatus of(String network, Situation situation, String trouble, boolean tried) {
        AppliedStartup applied = situation.applied();
        PeerReconciler peers = situation.peers();
        var failures = new ArrayList<>(situation.startup().failure().stream().toList());
        if (peers != null) {
            failures.addAll(peers.failures());
        }
        var explanation = Explanation.of(situation, trouble);
        return new NetworkStatus(
                network,
                phase(situation, applied),
                applied == null ? 0 : applied.generation(),
                applied == null ? null : applied.local().subnet(),
                tried && isReady(situation),
                explanation.reason(),
                explanation.message(),
                peers == null ? NetworkStatus.Peers.NONE : peers.counts(),
                failures.stream().limit(NetworkStatus.MAX_FAILURES).toList());
    }

    private static boolean isReady(Situation situation) {
        return situation.lease().held().isPresent()
                && !(situation.directive() instanceof Directive.TearDown)
                && !situation.restarting();
    }

    private static Phase phase(Situation situation, @Nullable AppliedStartup applied) {
        StartupReconciler startup = situation.startup();
        return switch (situation.directive()) {
            case Directive.Hold(Phase phase, String _, String _) -> phase;
            case Directive.TearDown() -> Phase.TEARING_DOWN;
            case null -> Phase.PREPARING;
            case Directive.Join _ -> {
                if (applied == null || situation.restarting() || startup.startsOver()) {
                    yield Phase.PREPARING;
                }
                yield switch (applied.stage()) {
                    case PREPARING, SHUTTING_DOWN -> Phase.PREPARING;
                    case PREPARED -> Phase.CLAIMING;
                    case CONFIGURING -> Phase.CONFIGURING;
                    case CONFIGURED -> startup.isUp() ? Phase.ACTIVE : Phase.CONFIGURING;
                };
            }
        };
    }
}
