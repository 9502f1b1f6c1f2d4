package dev.flannelx.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The commands that may run on this node, whoever writes FlannelNetworks: a file with the SHA-256 of each permitted text,
 * in hexadecimal, one a line. Blank lines and those that begin with {@code #} say nothing; any other line permits
 * nothing and is a problem.
 *
 * @param digests in lower case
 * @param problems what is wrong with the file, for a person
 */
public record AllowedCommands(Set<String> digests, List<String> problems) implements Predicate<String> {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public AllowedCommands {
        digests = Set.copyOf(digests);
        problems = List.copyOf(problems);
    }

    /** Reads the file as it is now. One that cannot be read permits nothing. */
    public static AllowedCommands in(Path file) {
        try {
            return parse(file, Files.readString(file));
        } catch (IOException e) {
            return new AllowedCommands(
                    Set.of(), List.of("no command is allowed: %s cannot be read: %s".formatted(file, e)));
        }
    }

    private static AllowedCommands parse(Path file, String text) {
        var digests = new HashSet<String>();
        var problems = new ArrayList<String>();
        List<String> lines = text.lines().map(String::strip).toList();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            String digest = line.toLowerCase(Locale.ROOT);
            if (DIGEST.matcher(digest).matches()) {
                digests.add(digest);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                problems.add("%s, line %d: %s: want the SHA-256 of a command, 64 hexadecimal digits"
                        .formatted(file, number, line));
            }
        }
        return new AllowedCommands(digests, problems);
    }

    /** Whether a command of this text may run here. */
    @Override
    public boolean test(String command) {
        return digests.contains(HexFormat.of().formatHex(sha256().digest(command.getBytes(StandardCharsets.UTF_8))));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
