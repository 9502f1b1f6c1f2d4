package dev.flannelx.reconcile.operator;

import java.util.List;

/** Names a few of many. */
public final class Names {
    private Names() {}

    /** The first of them, and how many more there are, as in {@code a, b and 7 more}. */
    public static String first(int count, List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(count, names.size())));
        return names.size() <= count ? shown : "%s and %d more".formatted(shown, names.size() - count);
    }
}
