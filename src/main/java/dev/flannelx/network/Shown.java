package dev.flannelx.network;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.regex.Pattern;

/** What somebody wrote, fit to be shown to a person: short, and without characters that a terminal would act upon. */
public final class Shown {
    private static final int LONGEST = 80;

    /** Control characters (the newer ones too, with which a terminal can be told things), invisible ones, other line ends. */
    private static final Pattern ACTED_UPON = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private Shown() {}

    public static String text(String text) {
        return text(text, LONGEST);
    }

    /** The same, at most so many characters of it. */
    public static String text(String text, int longest) {
        String head = text.length() > longest ? text.substring(0, longest) + "…" : text;
        return ACTED_UPON.matcher(head).replaceAll("?");
    }

    /** What went wrong, in a line: what the JDK throws about a file often has nothing but the file's name for a message. */
    public static String trouble(IOException e) {
        String message = e.getMessage();
        boolean isOnlyName = e instanceof FileSystemException of && of.getReason() == null;
        return message == null || isOnlyName ? e.toString() : message;
    }
}
