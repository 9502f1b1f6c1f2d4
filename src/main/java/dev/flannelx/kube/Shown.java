package dev.flannelx.kube;

/** What somebody wrote, fit to be shown to a person: short, and without control characters. */
final class Shown {
    private static final int LONGEST = 80;

    private Shown() {}

    static String text(String text) {
        String head = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return head.replaceAll("\\p{Cntrl}", "?");
    }
}
