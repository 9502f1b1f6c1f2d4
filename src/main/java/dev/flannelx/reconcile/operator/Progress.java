package dev.flannelx.reconcile.operator;

/** How far a roll-out is. */
public record Progress(State state, String message) {
    /** The reasons of the condition {@code Progressing}. */
    public enum State {
        ROLLING_OUT("RollingOut"),
        HALTED("RolloutHalted"),
        UP_TO_DATE("UpToDate");

        private final String text;

        State(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
