package dev.flannelx.app;

import dev.flannelx.network.DnsSubdomain;
import io.quarkus.runtime.Quarkus;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flannelx operator}: one of those that look after a cluster's networks. */
@Command(
        name = "operator",
        description = "Looks after a cluster's networks: status, roll-outs, teardowns, leases. Of several one works.")
final class OperatorCommand implements Callable<Integer> {
    private static final int LARGEST_PORT = 65_535;
    private static final int LONGEST_NAMESPACE = 63;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            defaultValue = "${env:POD_NAMESPACE:-flannelx-system}",
            description = "where operators find each other (default: what POD_NAMESPACE says, or flannelx-system)")
    private String namespace = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "${env:POD_NAME:-flannelx-operator}",
            description = "what people know this one by (default: what POD_NAME says, or flannelx-operator)")
    private String name = "";

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "9478",
            description = "of /q/health and /q/metrics (default: ${DEFAULT-VALUE})")
    private int httpPort;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        properties().forEach(System::setProperty);
        Quarkus.run(Application.class);
        return ExitCode.DONE;
    }

    /** What Quarkus is told. */
    Map<String, String> properties() {
        if (!DnsSubdomain.matches(namespace, LONGEST_NAMESPACE)) {
            throw wrong("--namespace %s is wrong: want the name of a namespace".formatted(namespace));
        }
        if (httpPort < 0 || httpPort > LARGEST_PORT) {
            throw wrong("--http-port %d is wrong: want 0 to %d".formatted(httpPort, LARGEST_PORT));
        }
        return Map.of(
                Application.DAEMON,
                OperatorDaemon.NAME,
                "quarkus.http.port",
                String.valueOf(httpPort),
                OperatorDaemon.NAMESPACE,
                namespace,
                OperatorDaemon.PEOPLE_CALL_IT,
                name);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
