package dev.flannelx.reconcile.operator;

/**
 * One aspect of a network's state, for {@code status.conditions}.
 *
 * @param holds whether its status is True, or False
 * @param reason one CamelCase word
 */
public record NetworkCondition(Aspect aspect, boolean holds, String reason, String message) {
    /** The aspects, in the order in which people read them. */
    public enum Aspect {
        ACCEPTED("Accepted"),
        READY("Ready"),
        PROGRESSING("Progressing"),
        POOL_EXHAUSTED("PoolExhausted"),
        TEARING_DOWN("TearingDown");

        private final String text;

        Aspect(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
