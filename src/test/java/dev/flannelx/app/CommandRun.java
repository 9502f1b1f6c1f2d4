package dev.flannelx.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What became of a command line, run in this process. */
record CommandRun(int exitCode, String out, String err) {
    static CommandRun of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine line = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int exitCode = line.execute(arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
