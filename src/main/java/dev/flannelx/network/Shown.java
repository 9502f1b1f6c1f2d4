package dev.flannelx.network;

/** What somebody wrote, fit to be shown to a person: short, and without control characters. */
public final class Shown {
    private static final int LONGEST = 80;

    private Shown() {}

    public static String text(String text) {
        return text(text, LONGEST);
    }

    /** The same, at most so many characters of it. */
    public static String text(String text, int longest) {
        String head = text.length() > longest ? text.substring(0, longest) + "…" : text;
        return head.replaceAll("\\p{Cntrl}", "?");
    }
}
