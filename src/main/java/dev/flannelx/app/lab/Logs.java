package dev.flannelx.app.lab;

import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;

/** Where the log goes of agents that run in a command, whose stderr is for its own progress. */
public final class Logs {
    private static final Logger ROOT = LogContext.getLogContext().getLogger("");

    private Logs() {}

    /** Nowhere. */
    public static void off() {
        ROOT.setLevel(Level.OFF);
    }
}
