package dev.flannelx.network;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What could be better about a valid network: nothing here is an error, and some of it is a guess from the text. */
public final class Advice {
    /** {@code ip} with options, as people type it. */
    private static final String IP = "\\bip( -\\S+)* ";

    /** Commands that fail, or pile up, when what they make is there already. */
    private static final List<Repeated> NOT_REPEATABLE = List.of(
            new Repeated(IP + "r(o|oute)? a(dd)?\\b", IP + "r(o|oute)? d(el|elete)?\\b", "ip route replace"),
            new Repeated(
                    IP + "(n|neigh|neighbou?r) a(dd)?\\b",
                    IP + "(n|neigh|neighbou?r) d(el)?\\b",
                    "ip neighbour replace"),
            new Repeated(
                    IP + "a(ddr|ddress)? a(dd)?\\b", IP + "a(ddr|ddress)? (d(el)?|flush)\\b", "ip address replace"),
            new Repeated("\\bbridge fdb (add|append)\\b", "\\bbridge fdb del\\b", "bridge fdb replace"),
            new Repeated(
                    IP + "l(ink)? a(dd)?\\b",
                    IP + "l(ink)? (d(el|elete)?|show)\\b",
                    "delete the link first, or look whether it is there"),
            new Repeated(
                    IP + "ru(le)? a(dd)?\\b",
                    IP + "ru(le)? (d(el)?|show|list)\\b",
                    "delete the rule first, or look whether it is there"),
            new Repeated(
                    "\\bip6?tables(-\\w+)?( [^;|&\\n]*?)? -[AI]\\b",
                    "\\bip6?tables(-\\w+)?( [^;|&\\n]*?)? -[CD]\\b",
                    "ask by -C first"));

    private static final Pattern READ = Pattern.compile("\\bread((?: -\\w+)*(?: [A-Za-z_][A-Za-z0-9_]*)+)");
    private static final Pattern CAPTURED = Pattern.compile("\\b([A-Za-z_][A-Za-z0-9_]*)=\"?(?:\\$\\(|`)cat\\b");
    private static final Pattern BACKGROUND = Pattern.compile("(?<![&>|])&(?![&>\\d])");

    private Advice() {}

    /** A command that is not to be repeated, unless the other one comes before it; {@code better} says what to do. */
    private record Repeated(Pattern command, Pattern cure, String better) {
        Repeated(String command, String cure, String better) {
            this(Pattern.compile(command), Pattern.compile(cure), better);
        }
    }

    /** One line for each piece of advice; none where there is none. */
    public static List<String> on(Network network) {
        var advice = new ArrayList<String>();
        HookCommands commands = network.commands();
        commands.byField().forEach((field, text) -> {
            repeatable(field, text, advice);
            quoting(field, text, advice);
        });
        missing(commands, advice);
        return advice;
    }

    private static void missing(HookCommands commands, List<String> advice) {
        if (commands.subnetAdd() != null && !commands.peers().canRemove()) {
            advice.add(
                    "backend.subnetRemoveCommand is missing: what an add did stays when its node goes, and an add that"
                            + " fails half-way cannot be repeated cleanly");
        }
        if (commands.subnetAdd() == null && commands.subnetRemove() != null && commands.subnetBatch() == null) {
            advice.add("backend.subnetAddCommand is missing: there is nothing for subnetRemoveCommand to remove");
        }
        if (commands.postStartup() != null && commands.shutdown() == null) {
            advice.add("backend.shutdownCommand is missing: what the startup made stays when the network goes");
        }
        boolean adds = commands.subnetAdd() != null || commands.subnetBatch() != null;
        if (adds && commands.subnetCheck() == null) {
            advice.add("backend.subnetCheckCommand is missing: nobody notices when what an add did is taken away");
        }
        boolean daemon = commands.postStartup() != null
                && BACKGROUND.matcher(commands.postStartup()).find();
        if (daemon && commands.startupCheck() == null) {
            advice.add("backend.startupCheckCommand is missing: nobody notices when what runs in the background ends");
        }
    }

    private static void repeatable(String field, String text, List<String> advice) {
        for (Repeated repeated : NOT_REPEATABLE) {
            Matcher command = repeated.command().matcher(text);
            if (command.find()
                    && !repeated.cure()
                            .matcher(text.substring(0, command.start()))
                            .find()) {
                advice.add("backend.%s: `%s` fails or piles up when it is repeated: %s"
                        .formatted(field, command.group(), repeated.better()));
            }
        }
    }

    private static void quoting(String field, String text, List<String> advice) {
        Set<String> unquoted = UnquotedVariables.in(text);
        for (String name : readFromStdin(text)) {
            if (unquoted.contains(name)) {
                advice.add("backend.%s: $%s comes from another node and is not quoted: write \"$%s\""
                        .formatted(field, name, name));
            }
        }
    }

    private static Set<String> readFromStdin(String text) {
        var names = new LinkedHashSet<String>();
        READ.matcher(text).results().forEach(read -> {
            for (String word : read.group(1).strip().split(" +", -1)) {
                if (!word.startsWith("-")) {
                    names.add(word);
                }
            }
        });
        CAPTURED.matcher(text).results().forEach(capture -> names.add(capture.group(1)));
        return names;
    }
}
