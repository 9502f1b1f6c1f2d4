package dev.flannelx.app.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What an agent works with. Several may share it.
 *
 * @param client stays open when an agent ends
 * @param wall what people's clocks say
 * @param clock monotonic: a jump of the wall clock does not reach it
 * @param random safe for several threads at once
 */
public record AgentMeans(
        KubernetesClient client,
        MeterRegistry meters,
        InstantSource wall,
        InstantSource clock,
        RandomGenerator random) {}
