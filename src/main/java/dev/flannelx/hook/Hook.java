package dev.flannelx.hook;

/** The hooks, by the one name that each has in JSON, labels, logs and events. */
public enum Hook {
    PRE_STARTUP("preStartup"),
    POST_STARTUP("postStartup"),
    SUBNET_ADD("subnetAdd"),
    SUBNET_REMOVE("subnetRemove"),
    SUBNET_BATCH("subnetBatch"),
    SUBNET_CHECK("subnetCheck"),
    STARTUP_CHECK("startupCheck"),
    SHUTDOWN("shutdown");

    private final String text;

    Hook(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** Whether it only looks: its failure is a finding, and whatever it leaves running has no business there. */
    public boolean isCheck() {
        return this == SUBNET_CHECK || this == STARTUP_CHECK;
    }
}
