package dev.flannelx.lab;

import dev.flannelx.reconcile.HookRunner;
import dev.flannelx.reconcile.Publication;
import dev.flannelx.reconcile.ReconcileObserver;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * What the lab has to do with an agent.
 *
 * @param runner makes of what runs the hooks what a scenario wants
 * @param publication is told the node's subnet
 * @param observer hears what happens
 * @param random decides what is random
 */
public record Attachments(
        UnaryOperator<HookRunner> runner,
        Publication publication,
        ReconcileObserver observer,
        RandomGenerator random) {}
