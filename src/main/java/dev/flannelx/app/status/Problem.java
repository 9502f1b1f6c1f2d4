package dev.flannelx.app.status;

/**
 * Something that a person should know of.
 *
 * @param subject what it is about, as {@code network demo}
 * @param network that has it, or empty: it may be any
 * @param advice what to do, or to type; empty where there is no telling
 */
record Problem(Weight weight, String subject, String network, String what, String advice) {
    /** How bad it is. */
    enum Weight {
        WRONG,
        /** Not as it is to stay, but nothing has failed. */
        UNDER_WAY
    }
}
