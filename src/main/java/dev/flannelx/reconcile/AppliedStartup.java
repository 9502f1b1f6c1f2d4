package dev.flannelx.reconcile;

import dev.flannelx.hook.Local;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import org.jspecify.annotations.Nullable;

/**
 * What this node did about itself, with the spec and the arguments that it used.
 *
 * @param network the spec in effect here; its commands are the ones that brought the node up
 * @param networkUid of the resource, so that a teardown finds its network
 * @param generation of the spec in effect
 * @param local this node as the startup knew it; no subnet before one was claimed
 * @param data preStartup's output; empty before it ran
 * @param run the hook run that is under way, or null
 */
public record AppliedStartup(
        Network network,
        String networkUid,
        long generation,
        Local local,
        String data,
        Stage stage,
        @Nullable String run) {

    /** How far it got. A restart finds each stage as it was left. */
    public enum Stage {
        /** preStartup is under way or was interrupted. */
        PREPARING,
        /** The data is known; a subnet is wanted. */
        PREPARED,
        /** postStartup is under way, failed, or was interrupted. */
        CONFIGURING,
        /** Up. */
        CONFIGURED,
        /** shutdown is under way, failed, or was interrupted. */
        SHUTTING_DOWN
    }

    /** Whether a hook was under way, or failed, when this was written last. */
    boolean wasInterrupted() {
        return stage != Stage.PREPARED && stage != Stage.CONFIGURED;
    }

    /** Whether it is of the resource that is to be joined, or of one that says the same of who has which subnet. */
    boolean isOf(Directive.Join join) {
        return networkUid.equals(join.uid()) || join.network().dividesAs(network);
    }

    /** Whether it says all that is to be joined. */
    boolean isBy(Directive.Join join) {
        return network.equals(join.network()) && networkUid.equals(join.uid()) && generation == join.generation();
    }

    /** What is to be joined, as far as it may take effect here now. A generation counts for one resource only. */
    Directive.Join effective(Directive.Join join) {
        Network effective = join.network().effective(network, join.permitted());
        boolean all = join.permitted() || effective.equals(join.network());
        long former = networkUid.equals(join.uid()) ? generation : 0;
        return new Directive.Join(effective, join.uid(), all ? join.generation() : former, join.permitted());
    }

    /**
     * Whether the node was brought up by other commands, or as another than it is now.
     *
     * @param subnet the one that it holds, or null
     */
    boolean differsFrom(Network wanted, PublicAddress publicAddress, @Nullable Subnet subnet) {
        boolean otherAddress = !local.publicAddress().equals(publicAddress);
        boolean moved =
                local.subnet() != null && subnet != null && !local.subnet().equals(subnet);
        return !bringsUpAs(wanted) || otherAddress || moved;
    }

    /** Whether a node brought up by the one is up by the other too. */
    boolean bringsUpAs(Network wanted) {
        return network.commands().startup().bringsUpAs(wanted.commands().startup());
    }

    int parallelism() {
        return network.settings().parallelism();
    }

    public AppliedStartup in(Stage newStage, @Nullable String newRun) {
        return new AppliedStartup(network, networkUid, generation, local, data, newStage, newRun);
    }

    public AppliedStartup withData(String newData) {
        return new AppliedStartup(network, networkUid, generation, local, newData, stage, run);
    }

    public AppliedStartup withLocal(Local newLocal) {
        return new AppliedStartup(network, networkUid, generation, newLocal, data, stage, run);
    }

    public AppliedStartup withNetwork(Directive.Join join) {
        return new AppliedStartup(join.network(), join.uid(), join.generation(), local, data, stage, run);
    }
}
