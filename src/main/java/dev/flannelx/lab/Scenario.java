package dev.flannelx.lab;

import java.io.IOException;

/** Something that happens to a network, and what must hold afterwards. */
interface Scenario {
    /**
     * What came of it.
     *
     * @param detail one line for a person
     */
    record Verdict(boolean ok, String detail) {
        static Verdict ok(String detail) {
            return new Verdict(true, detail);
        }

        static Verdict failed(String detail) {
            return new Verdict(false, detail);
        }
    }

    /** Whether its hooks are made to fail. */
    default boolean isFlaky() {
        return false;
    }

    /**
     * Plays it on fresh nodes.
     *
     * @throws IOException if the lab itself could not do something
     */
    Verdict play(LabCluster cluster, LabRun run) throws IOException;
}
