package dev.flannelx.host;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.AppliedPeer.State;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.network.HookCommands.PeerCommands;
import dev.flannelx.reconcile.JournalEntry;
import dev.flannelx.reconcile.JournalState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A journal on a disk that is full at some moment: a program of its own, since it takes a small disk of its own. */
final class FullDisk {
    private static final int MOST = 10_000;

    private final Path disk;
    private final FileJournal journal;
    private JournalState kept = JournalState.EMPTY;
    private int number;

    private FullDisk(Path disk) {
        this.disk = disk;
        this.journal = open();
    }

    /** With the disk as its only argument; prints what it found. */
    public static void main(String[] arguments) throws IOException {
        new FullDisk(Path.of(arguments[0])).play();
    }

    private void play() throws IOException {
        journal.load();
        Path ballast = Files.write(disk.resolve("ballast"), new byte[40 << 10]);
        while (append()) {
            check(number < MOST, "the disk never fills");
        }
        check(number > 10, "the disk filled after " + number);
        check(open().load().equals(kept), "an agent that starts on a full disk does not find what was kept");
        check(!append(), "there is room again");

        Files.delete(ballast);
        check(append(), "there is room, and nothing is written");
        check(append(), "nothing more is written");
        check(open().load().equals(kept), "what was kept before and after is not found");
        System.out.println("kept all of " + kept.peers().size());
    }

    private FileJournal open() {
        return new FileJournal(disk.resolve("network"), "life");
    }

    private boolean append() {
        var subnet = Leases.subnet("10.%d.%d.0/24".formatted(number / 256, number % 256));
        var peer = new Peer(subnet, PublicAddress.NONE, "node", "data ".repeat(20));
        List<JournalEntry> entries = List.of(new JournalEntry.PutPeer(
                new AppliedPeer(peer, new PeerCommands("add", null, null), State.APPLIED, null)));
        try {
            journal.append(entries);
        } catch (IOException e) {
            return false;
        }
        kept = kept.after(entries);
        number++;
        return true;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
