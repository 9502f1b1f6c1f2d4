package dev.flannelx.kube.operator;

import java.io.IOException;

/** Stands before every write: who no longer leads, or leads anew, goes on with nothing that was decided before. */
@FunctionalInterface
interface Fence {
    /**
     * Lets a write pass.
     *
     * @throws IOException if it must not be
     */
    void check() throws IOException;
}
