package dev.flannelx.reconcile;

/** Where a node stands with one network, as {@code FlannelNode.status} spells it. */
public enum Phase {
    /** Running preStartup. */
    PREPARING("Preparing"),
    /** Getting its subnet. */
    CLAIMING("Claiming"),
    /** Running postStartup. */
    CONFIGURING("Configuring"),
    /** Up, with its peers. */
    ACTIVE("Active"),
    /** Told to run no hook. */
    PAUSED("Paused"),
    /** May not or cannot run this network's hooks. */
    REFUSED("Refused"),
    /** Taking its peers and itself down. */
    TEARING_DOWN("TearingDown");

    private final String text;

    Phase(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
