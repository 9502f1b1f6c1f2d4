package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A kubeconfig that can be read, and by which no API server can be reached. */
class KubeconfigTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server: 'https://127.0.0.1:1', certificate-authority: /no/ca.crt | {} | /no/ca.crt",
                "server: 'https://127.0.0.1:1' | client-certificate: /no/c.crt, client-key: /no/c.key | /no/c",
                "server: 'https://bad host' | {} | Illegal character found in host: ' '",
            })
    void isNamedWithWhatIsWrongInIt(String cluster, String user, String wrong) throws IOException {
        Path file =
                Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: one
                clusters: [{name: one, cluster: {%s}}]
                contexts: [{name: one, context: {cluster: one, user: one}}]
                users: [{name: one, user: {%s}}]
                """.formatted(cluster, user.equals("{}") ? "" : user));
        CommandRun run = CommandRun.of("status", "--kubeconfig", file.toString());
        assertThat(run.err())
                .startsWith("--kubeconfig " + file + " is wrong: ")
                .contains(wrong)
                .endsWith(": want one by which the API server can be reached\n");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
