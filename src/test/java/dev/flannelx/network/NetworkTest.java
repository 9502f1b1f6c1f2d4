package dev.flannelx.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
    private static final Network APPLIED = Specs.whole("""
            network: 10.50.0.0/16
            nodeSelector: {zone: a}
            backend:
              type: extension
              preStartupCommand: pre
              postStartupCommand: post
              subnetAddCommand: add
              subnetRemoveCommand: remove
              subnetBatchCommand: batch
              shutdownCommand: down
            """);

    private static final Network WANTED = Specs.whole("""
            network: 10.50.0.0/16
            subnetMin: 10.50.9.0
            leaseDuration: 1h
            nodeSelector: {zone: b}
            rollout: {maxUnavailable: 2, timeout: 1m}
            removalGrace: 1s
            teardownTimeout: 2s
            backend:
              type: extension
              preStartupCommand: new pre
              postStartupCommand: new post
              subnetAddCommand: new add
              subnetRemoveCommand: new remove
              subnetBatchCommand: new batch
              shutdownCommand: new down
              subnetCheckCommand: new check
              startupCheckCommand: new startup check
              timeout: 1s
              checkPeriod: 2s
              parallelism: 3
              retry: {initialDelay: 4s, maxDelay: 5s}
              mtu: 1000
            """);

    @Test
    void takesEverythingOnceItIsPermitted() {
        assertThat(WANTED.effective(APPLIED, true)).isEqualTo(WANTED);
    }

    @Test
    void keepsWhatWouldRunAHookOrLeaveUntilItIsPermitted() {
        Network effective = WANTED.effective(APPLIED, false);
        assertThat(effective.commands().startup().bringsUpAs(APPLIED.commands().startup()))
                .isTrue();
        assertThat(effective.commands().peers()).isEqualTo(APPLIED.commands().peers());
        assertThat(effective.nodeSelector()).isEqualTo(APPLIED.nodeSelector());
    }

    @Test
    void takesChecksShutdownAndTimingAtOnce() {
        HookCommands applied = APPLIED.commands();
        HookCommands wanted = WANTED.commands();
        Network effective = WANTED.withCommands(new HookCommands(
                        applied.preStartup(),
                        applied.postStartup(),
                        applied.subnetAdd(),
                        applied.subnetRemove(),
                        wanted.shutdown(),
                        wanted.subnetCheck(),
                        wanted.startupCheck(),
                        applied.subnetBatch()))
                .effective(APPLIED, false);
        assertThat(effective.commands().shutdown()).isEqualTo("new down");
        assertThat(effective.commands().subnetCheck()).isEqualTo("new check");
        assertThat(effective.commands().startupCheck()).isEqualTo("new startup check");
        assertThat(effective.settings()).isEqualTo(WANTED.settings());
        assertThat(effective.rollout()).isEqualTo(WANTED.rollout());
        assertThat(effective.leaseDuration()).isEqualTo(WANTED.leaseDuration());
        assertThat(effective.removalGrace()).isEqualTo(WANTED.removalGrace());
        assertThat(effective.teardownTimeout()).isEqualTo(WANTED.teardownTimeout());
        assertThat(effective.ipv4()).isEqualTo(WANTED.ipv4());
    }

    @Test
    void keepsChecksAndShutdownOfCommandsThatWaitWaitingWithThem() {
        assertThat(WANTED.effective(APPLIED, false).commands()).isEqualTo(APPLIED.commands());
    }

    @ParameterizedTest
    @CsvSource({"1, 10, 1", "3, 2, 3", "10%, 100, 10", "10%, 5, 1", "100%, 7, 7", "33%, 10, 3", "50%, 0, 1"})
    void allowsSoManyUnavailableNodes(String maxUnavailable, int nodes, int budget) {
        assertThat(new Rollout(maxUnavailable, APPLIED.rollout().timeout()).budget(nodes))
                .isEqualTo(budget);
    }
}
