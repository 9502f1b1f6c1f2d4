package dev.flannelx.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What could be better about a valid network: nothing here is an error, and some of it is a guess from the text. */
public final class Advice {
    /** Commands that fail when what they make is there already, each with what does not. */
    private static final Map<Pattern, String> NOT_REPEATABLE = Map.of(
            Pattern.compile("\\bip (-\\S+ )*route add\\b"), "ip route replace",
            Pattern.compile("\\bip (-\\S+ )*(neigh|neighbor|neighbour) add\\b"), "ip neigh replace",
            Pattern.compile("\\bip (-\\S+ )*addr(ess)? add\\b"), "ip addr replace",
            Pattern.compile("\\bbridge fdb (add|append)\\b"), "bridge fdb replace");

    private static final Pattern LINK_ADD = Pattern.compile("\\bip (-\\S+ )*link add\\b");
    private static final Pattern LINK_DEL = Pattern.compile("\\bip (-\\S+ )*link (del|delete)\\b");
    private static final Pattern READ = Pattern.compile("\\bread (?:-r )?([A-Za-z_][A-Za-z0-9_]*)");

    private Advice() {}

    /** One line for each piece of advice; none where there is none. */
    public static List<String> on(Network network) {
        var advice = new ArrayList<String>();
        HookCommands commands = network.commands();
        commands.byField().forEach((field, text) -> {
            repeatable(field, text, advice);
            quoting(field, text, advice);
        });
        if (commands.subnetAdd() != null && !commands.peers().canRemove()) {
            advice.add(
                    "backend.subnetRemoveCommand is missing: what an add did stays when its node goes, and an add that"
                            + " fails half-way cannot be repeated cleanly");
        }
        if (commands.postStartup() != null && commands.shutdown() == null) {
            advice.add("backend.shutdownCommand is missing: what the startup made stays when the network goes");
        }
        if (commands.subnetAdd() != null && commands.subnetCheck() == null) {
            advice.add("backend.subnetCheckCommand is missing: nobody notices when what an add did is taken away");
        }
        return advice;
    }

    private static void repeatable(String field, String text, List<String> advice) {
        NOT_REPEATABLE.forEach((pattern, better) -> {
            Matcher matcher = pattern.matcher(text);
            if (matcher.find()) {
                advice.add("backend.%s: `%s` fails when it is repeated: `%s` does not"
                        .formatted(field, matcher.group(), better));
            }
        });
        Matcher link = LINK_ADD.matcher(text);
        if (link.find() && !LINK_DEL.matcher(text.substring(0, link.start())).find()) {
            advice.add("backend.%s: `%s` fails when it is repeated: delete the link first, or test for it"
                    .formatted(field, link.group()));
        }
    }

    private static void quoting(String field, String text, List<String> advice) {
        Matcher read = READ.matcher(text);
        while (read.find()) {
            String name = read.group(1);
            Pattern unquoted = Pattern.compile("(^|[\\s=])\\$(" + name + "\\b|\\{" + name + "\\})");
            if (unquoted.matcher(text).find()) {
                advice.add("backend.%s: $%s comes from another node and is not quoted: write \"$%s\""
                        .formatted(field, name, name));
            }
        }
    }
}
