package dev.flannelx.app.lab;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.FileHandler;

/** Where the log goes of agents that run in a command, whose stderr is for its own progress. */
public final class Logs {
    private static final String PATTERN = "%d{HH:mm:ss,SSS} %-5p [%c{1.}] %s%e%n";
    private static final Logger ROOT = LogContext.getLogContext().getLogger("");

    private Logs() {}

    /** Nowhere. */
    public static void off() {
        ROOT.setLevel(Level.OFF);
    }

    /** Into a file; of the libraries, only what is an error. */
    public static void to(Path file) throws FileNotFoundException {
        ExtHandler handler = new FileHandler(new PatternFormatter(PATTERN), file.toFile(), true);
        handler.setAutoFlush(true);
        ROOT.setHandlers(new ExtHandler[] {handler});
        ROOT.setLevel(Level.ERROR);
        LogContext.getLogContext().getLogger("dev.flannelx").setLevel(Level.INFO);
    }
}
