package dev.flannelx.app;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line. picocli parses first and Quarkus is started by the daemons alone, so that the other commands bind
 * nothing, print nothing but their result, and are quick.
 */
@QuarkusMain
@Command(
        name = "flannelx",
        scope = CommandLine.ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "flannel's extension backend, fit for production on Kubernetes.",
        subcommands = {
            AgentCommand.class,
            OperatorCommand.class,
            StatusCommand.class,
            LabCommand.class,
            ClusterCommand.class,
            ValidateCommand.class,
            ConvertCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        int exitCode = commandLine().execute(arguments);
        if (exitCode == ExitCode.DONE && System.out.checkError()) {
            System.err.println("stdout: it cannot be written");
            exitCode = ExitCode.FAILED;
        }
        if (exitCode != ExitCode.DONE) {
            System.exit(exitCode);
        }
    }

    /** The command line as it is, for tests too. */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((exception, line, parsed) -> {
                    PrintWriter err = line.getErr();
                    err.println(exception.getMessage() == null ? exception.toString() : exception.getMessage());
                    err.flush();
                    return exception instanceof InvalidInputException ? ExitCode.WRONG : ExitCode.FAILED;
                });
    }
}
