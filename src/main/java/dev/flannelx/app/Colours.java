package dev.flannelx.app;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** Colours on a terminal, and none elsewhere. */
final class Colours {
    private Colours() {}

    /** The text in that style: {@code good}, {@code bad}, or whatever else stands out. */
    static String style(String style, String text) {
        return style(Ansi.AUTO, style, text);
    }

    static String style(Ansi ansi, String style, String text) {
        if (!ansi.enabled()) {
            return text;
        }
        IStyle[] styles = switch (style) {
            case "good" -> new IStyle[] {Style.fg_green};
            case "bad" -> new IStyle[] {Style.bold, Style.fg_red};
            default -> new IStyle[] {Style.bold};
        };
        return Style.on(styles) + text + Style.off(styles);
    }
}
