package dev.flannelx.bench;

import java.io.PrintStream;

/**
 * Something that is measured, against a floor that is measured in the same run where there is one. It runs in a JVM of its
 * own, so that none warms up another or fills its memory.
 */
interface Bench {
    /** The one word by which a person picks it. */
    String name();

    /** What is measured and against what, in a line. */
    String title();

    /** Whether it runs in user, mount, process and network namespaces of its own. */
    default boolean inSandbox() {
        return false;
    }

    /** The most heap that it may take, as a JVM is told; by default what an agent gets. */
    default String heap() {
        return "64m";
    }

    /** What its JVM finds classes on; by default what this one does. */
    default String classPath() {
        return System.getProperty("java.class.path");
    }

    /**
     * Measures, and prints what came of it.
     *
     * @throws Exception if what was measured did not do what it should: its figures mean nothing then
     */
    void run(PrintStream out) throws Exception;
}
