package dev.flannelx.app.agent;

/**
 * Whom to wake. Both return at once.
 *
 * @param status that the node's status may have changed
 * @param decision that there may be something to decide about the node's networks
 */
record Wakes(Runnable status, Runnable decision) {}
