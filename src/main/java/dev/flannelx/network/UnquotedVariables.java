package dev.flannelx.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the variables that a shell script expands outside of double quotes, where their value is split into words and
 * matched against file names. It follows quotes, comments and command substitutions, and no further: good enough for
 * advice. An assignment ({@code X=$Y}) does not split, and does not count.
 */
final class UnquotedVariables {
    private static final Pattern NAME = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)");
    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=");

    private final String script;
    private final Set<String> found = new LinkedHashSet<>();
    /** One level for the script and each substitution within: whether it is within double quotes. */
    private final Deque<Boolean> quoted = new ArrayDeque<>();

    private int at;
    private int wordStart;

    private UnquotedVariables(String script) {
        this.script = script;
    }

    /** Their names, in the order of the script. */
    static Set<String> in(String script) {
        var scan = new UnquotedVariables(script);
        scan.quoted.push(false);
        while (scan.at < script.length()) {
            scan.step();
        }
        return scan.found;
    }

    private void step() {
        boolean inQuotes = quoted.element();
        switch (script.charAt(at)) {
            case '\\' -> at += 2;
            case '"' -> {
                quoted.pop();
                quoted.push(!inQuotes);
                at++;
            }
            case '\'' -> at = inQuotes ? at + 1 : after('\'');
            case '#' -> at = inQuotes || at > wordStart ? at + 1 : after('\n');
            case '$' -> dollar(inQuotes);
            case '(' -> {
                if (!inQuotes) {
                    quoted.push(false);
                }
                wordStart = ++at;
            }
            case ')' -> {
                if (!inQuotes && quoted.size() > 1) {
                    quoted.pop();
                }
                at++;
            }
            case ' ', '\t', '\n', ';', '|', '&', '`' -> wordStart = ++at;
            default -> at++;
        }
    }

    private void dollar(boolean inQuotes) {
        if (script.startsWith("$(", at)) {
            quoted.push(false);
            at += 2;
            wordStart = at;
            return;
        }
        Matcher name = NAME.matcher(script).region(at, script.length());
        if (!name.lookingAt()) {
            at++;
            return;
        }
        boolean assigns = ASSIGNMENT
                .matcher(script.substring(Math.min(wordStart, at), at))
                .matches();
        if (!inQuotes && !assigns) {
            found.add(name.group(1));
        }
        at = name.end();
    }

    private int after(char end) {
        int found = script.indexOf(end, at + 1);
        return found < 0 ? script.length() : found + 1;
    }
}
