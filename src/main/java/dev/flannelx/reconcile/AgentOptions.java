package dev.flannelx.reconcile;

/**
 * What a person chose for an agent.
 *
 * @param moveOnSubnetLost whether a node whose subnet has become another's takes a new one; its pods keep their old
 *     addresses
 */
public record AgentOptions(boolean moveOnSubnetLost) {
    public static final AgentOptions DEFAULT = new AgentOptions(false);
}
