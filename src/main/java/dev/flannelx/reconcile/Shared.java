package dev.flannelx.reconcile;

import java.util.random.RandomGenerator;

/**
 * What the reconcilers of one network share.
 *
 * @param checks the time that checks of the startup and of peers may take together
 */
record Shared(JournalWriter journal, ReconcileObserver observer, RandomGenerator random, CheckBudget checks) {}
