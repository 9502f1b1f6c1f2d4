package dev.flannelx.lab;

import dev.flannelx.reconcile.HookRunner;
import dev.flannelx.reconcile.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the lab takes from the agent's own machinery, so that it tests what runs on real nodes. */
public interface LabHost {
    /**
     * What runs the hooks of one agent.
     *
     * @param kill ends those under way with SIGKILL, as by the death of the agent; none is run any more
     */
    record Runner(HookRunner hooks, Runnable kill) {}

    /**
     * The runner of one node.
     *
     * @param enter the words that make a program run in the node
     */
    Runner runner(String network, String node, Path hooksDirectory, List<String> enter) throws IOException;

    /**
     * The journal of one node.
     *
     * @param networkNamespace the file that stands for the node's network
     */
    Journal journal(Path directory, Path networkNamespace) throws IOException;
}
