package dev.flannelx.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** What Quarkus runs for a daemon: which one, {@value #DAEMON} says, and its bean starts it. */
public final class Application implements QuarkusApplication {
    /** The property that names the daemon; without it none is started. */
    static final String DAEMON = "flannelx.daemon";

    @Override
    public int run(String... arguments) {
        Quarkus.waitForExit();
        return ExitCode.DONE;
    }
}
