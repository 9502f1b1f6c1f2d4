package dev.flannelx.app;

import dev.flannelx.host.ShellSyntax;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkFile;
import dev.flannelx.network.Shown;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads networks from files that people name. */
final class NetworkInput {
    private static final Path STDIN = Path.of("-");
    private static final int LONGEST_NAME = 63;

    private NetworkInput() {}

    /**
     * The network of a file, valid and with commands that a shell can parse.
     *
     * @throws InvalidInputException if it is not that
     * @throws IOException if there is no shell to ask
     */
    static Network read(Path file) throws IOException {
        return switch (decode(parse(file))) {
            case Decoded.Valid(Network network) -> network;
            case Decoded.Invalid(List<String> problems) -> throw invalid(file, problems);
        };
    }

    /**
     * The network of a file, decoded; a command that a shell cannot parse makes it invalid.
     *
     * @throws IOException if there is no shell to ask
     */
    static Decoded decode(NetworkFile parsed) throws IOException {
        return switch (parsed.decode()) {
            case Decoded.Invalid invalid -> invalid;
            case Decoded.Valid(Network network) -> {
                List<String> problems = ShellSyntax.problemsIn(network.commands());
                yield problems.isEmpty() ? new Decoded.Valid(network) : new Decoded.Invalid(problems);
            }
        };
    }

    /**
     * A file as it is, not decoded yet; {@code -} is stdin.
     *
     * @throws InvalidInputException if there is no network in it
     */
    static NetworkFile parse(Path file) {
        return switch (NetworkFile.parse(text(file), name(file))) {
            case NetworkFile.Parsed.Found(NetworkFile found) -> found;
            case NetworkFile.Parsed.Unreadable(String problem) -> throw invalid(file, List.of(problem));
        };
    }

    static InvalidInputException invalid(Path file, List<String> problems) {
        return new InvalidInputException(
                problems.stream().map(problem -> file + ": " + problem).toList());
    }

    private static String text(Path file) {
        try {
            return file.equals(STDIN)
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(file);
        } catch (NoSuchFileException e) {
            throw invalid(file, List.of("no such file: want a FlannelNetwork or flannel's net-conf.json"));
        } catch (MalformedInputException e) {
            throw invalid(file, List.of("is not text: want UTF-8"));
        } catch (IOException e) {
            throw invalid(file, List.of("cannot be read: " + Shown.trouble(e)));
        }
    }

    /** flannel's own format has no name: the file's serves, as far as a resource may have it. */
    private static String name(Path file) {
        String base = file.equals(STDIN) ? "" : String.valueOf(file.getFileName());
        String name = base.replaceFirst("\\.[^.]*$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
        return name.isEmpty() || name.length() > LONGEST_NAME ? "flannel" : name;
    }
}
