package dev.flannelx.reconcile;

import dev.flannelx.hook.HookInvocation;

/**
 * One run of one of the node's own hooks.
 *
 * @param run its id
 * @param intent what the journal must say before it runs; for a check, what it says already
 */
record NodeTask(String run, HookInvocation.ForNode invocation, AppliedStartup intent, int attempt) {}
