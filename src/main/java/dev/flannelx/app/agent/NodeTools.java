package dev.flannelx.app.agent;

import dev.flannelx.host.HostPublication;
import dev.flannelx.kube.LeaseTypeGuard;
import dev.flannelx.kube.event.EventRecorder;
import dev.flannelx.metrics.AgentMetrics;

/**
 * What all networks of one node have in common.
 *
 * @param life the boot and network namespace: see {@link dev.flannelx.host.KernelLife}
 */
record NodeTools(
        AgentSettings settings,
        AgentMeans means,
        String life,
        HostPublication publication,
        LeaseTypeGuard guard,
        AgentMetrics metrics,
        EventRecorder events) {}
