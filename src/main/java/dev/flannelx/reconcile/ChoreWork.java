package dev.flannelx.reconcile;

import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.network.Shown;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Carries chores out. It blocks as long as what it calls does. */
final class ChoreWork {
    private final Ports ports;
    private final LeaseClaim claim;
    private final InstantSource clock;
    private final JournalGuard guard;

    /** Something done with the journal. */
    @FunctionalInterface
    interface JournalStep {
        void apply(JournalWriter journal) throws IOException;
    }

    /** Lets one step at a time at the journal, and none any more once the agent is dead. */
    @FunctionalInterface
    interface JournalGuard {
        void run(JournalStep step) throws IOException;
    }

    ChoreWork(Ports ports, InstantSource clock, JournalGuard guard) {
        this.ports = ports;
        this.claim = new LeaseClaim(ports.leases(), ports.observer());
        this.clock = clock;
        this.guard = guard;
    }

    /** Does it. A bug behind a port is trouble: it must not end the thread, and with it all that follows. */
    ChoreResult carryOut(Chore chore) {
        try {
            return tryIt(chore);
        } catch (IOException e) {
            return new ChoreResult.Troubled(Shown.trouble(e));
        } catch (RuntimeException e) {
            return new ChoreResult.Troubled(e.toString());
        }
    }

    private ChoreResult tryIt(Chore chore) throws IOException {
        return switch (chore) {
            case Chore.EndSurvivors(Set<String> runs) -> {
                ports.runner().endSurvivors(runs);
                yield new ChoreResult.Done();
            }
            case Chore.Claim(ClaimRequest request) -> new ChoreResult.Claimed(claim.claim(request, clock.instant()));
            case Chore.ConfirmGone(var peers) ->
                new ChoreResult.Gone(ports.leases().confirmGone(peers));
            case Chore.Publish(Network spec, Subnet subnet) -> {
                ports.publication().publish(spec, subnet);
                yield new ChoreResult.Done();
            }
            case Chore.Flush() -> {
                guard.run(journal -> journal.flush(List.of()));
                yield new ChoreResult.Done();
            }
            case Chore.Forget(Network spec, var lease) -> {
                ports.publication().withdraw(spec);
                ports.leases().release(lease);
                guard.run(JournalWriter::erase);
                yield new ChoreResult.Done();
            }
            case Chore.ForgetNothing() -> {
                guard.run(JournalWriter::erase);
                yield new ChoreResult.Done();
            }
        };
    }
}
