package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.AppliedPeer.State;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands.PeerCommands;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import dev.flannelx.reconcile.AppliedStartup;
import dev.flannelx.reconcile.AppliedStartup.Stage;
import dev.flannelx.reconcile.JournalEntry;
import dev.flannelx.reconcile.JournalState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
    private static final PublicAddress ADDRESS = new PublicAddress(
            Address.parse("192.0.2.1").orElseThrow(),
            Address.parse("2001:db8::1").orElseThrow());

    @TempDir
    private Path directory;

    private FileJournal journal() {
        return new FileJournal(directory, "boot net:1");
    }

    private static Subnet subnet(int number) {
        return new Subnet(
                Cidr.parse("10.50." + number + ".0/24").orElseThrow(),
                Cidr.parse("fd00:50:0:" + number + "::/64").orElseThrow());
    }

    private static JournalEntry peer(int number, State state) {
        var peer = new Peer(subnet(number), ADDRESS, "node" + number, "a key\twith \"quotes\"\nand lines");
        return new JournalEntry.PutPeer(new AppliedPeer(
                peer,
                new PeerCommands("add", number % 2 == 0 ? "del" : null, null),
                state,
                state == State.ADDING ? "run" + number : null));
    }

    private static JournalEntry startup(Stage stage) {
        Network network = Specs.whole("""
                network: 10.50.0.0/16
                ipv6Network: "fd00:50::/48"
                backend: {type: extension, preStartupCommand: "echo 'data'", timeout: 1m30s}
                """);
        var local = new Local("node", ADDRESS, stage == Stage.PREPARING ? null : subnet(9));
        return new JournalEntry.PutStartup(new AppliedStartup(network, "uid", 3, local, "data", stage, null));
    }

    private static List<JournalEntry> entries() {
        return List.of(
                startup(Stage.PREPARING),
                startup(Stage.CONFIGURED),
                peer(1, State.ADDING),
                peer(1, State.APPLIED),
                peer(2, State.APPLIED),
                new JournalEntry.DropPeer(subnet(1)),
                peer(3, State.SET_ASIDE));
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        FileJournal first = journal();
        assertThat(first.load()).isEqualTo(JournalState.EMPTY);
        for (JournalEntry entry : entries()) {
            first.append(List.of(entry));
        }
        assertThat(journal().load()).isEqualTo(JournalState.EMPTY.after(entries()));
    }

    @Test
    void cutAtAnyByteItGivesAStateThatItHadOnce() throws IOException {
        FileJournal first = journal();
        first.load();
        var states = new ArrayList<>(List.of(JournalState.EMPTY));
        for (JournalEntry entry : entries()) {
            first.append(List.of(entry));
            states.add(states.getLast().after(List.of(entry)));
        }
        byte[] whole = Files.readAllBytes(directory.resolve("journal"));
        for (int length = 0; length <= whole.length; length++) {
            Files.write(directory.resolve("journal"), Arrays.copyOf(whole, length));
            assertThat(states)
                    .as("cut after %d bytes", length)
                    .contains(journal().load());
        }
    }

    @Test
    void aBadLineCostsNoOther() throws IOException {
        journal().append(entries());
        Path file = directory.resolve("journal");
        String text = Files.readString(file);
        assertThat(text).containsOnlyOnce("\"node2\"");
        Files.writeString(file, text.replace("\"node2\"", "\"node4\""));

        JournalState loaded = journal().load();
        assertThat(loaded.startup())
                .isEqualTo(JournalState.EMPTY
                        .after(List.of(startup(Stage.CONFIGURING)))
                        .startup());
        assertThat(loaded.peers()).containsOnlyKeys(subnet(3));
    }

    @Test
    void aFlippedByteIsNoticed() throws IOException {
        FileJournal first = journal();
        first.load();
        for (JournalEntry entry : entries()) {
            first.append(List.of(entry));
        }
        byte[] whole = Files.readAllBytes(directory.resolve("journal"));
        var random = new Random(7);
        int header = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
        for (int round = 0; round < 300; round++) {
            byte[] flipped = whole.clone();
            int at = header + random.nextInt(whole.length - header - 1);
            flipped[at] ^= (byte) (1 << random.nextInt(7));
            Files.write(directory.resolve("journal"), flipped);
            JournalState loaded = journal().load();
            assertThat(loaded.startup())
                    .as("byte %d flipped", at)
                    .satisfiesAnyOf(
                            startup -> assertThat(startup).isNull(),
                            startup -> assertThat(
                                            Objects.requireNonNull(startup).stage())
                                    .isNotIn(Stage.PREPARED, Stage.CONFIGURED));
            assertThat(loaded.peers().values())
                    .as("byte %d flipped", at)
                    .extracting(AppliedPeer::state)
                    .doesNotContain(State.APPLIED);
            assertThat(loaded.damaged()).as("byte %d flipped", at).isTrue();
            assertThat(journal().load())
                    .as("loaded once more")
                    .isEqualTo(new JournalState(loaded.startup(), loaded.peers(), false));
        }
    }

    @Test
    void saysNothingOfAnotherBootOrNamespace() throws IOException {
        FileJournal first = journal();
        first.load();
        first.append(entries());
        Files.createDirectories(first.hooksDirectory());
        Files.writeString(first.hooksDirectory().resolve("privatekey"), "secret");

        FileJournal afterReboot = new FileJournal(directory, "another boot net:1");
        assertThat(afterReboot.load()).isEqualTo(JournalState.EMPTY);
        assertThat(afterReboot.hooksDirectory()).doesNotExist();
    }

    @Test
    void theNetworksThatHaveAJournalAreKnownByTheirDirectories() throws IOException {
        assertThat(FileJournal.networks(directory.resolve("nowhere"))).isEmpty();
        for (String network : List.of("demo", "a-second")) {
            new FileJournal(directory.resolve(network), "boot net:1").append(entries());
        }
        Files.createDirectories(directory.resolve("empty"));
        Files.writeString(directory.resolve("agent.lock"), "");

        assertThat(FileJournal.networks(directory)).containsExactly("a-second", "demo");
    }

    @Test
    void isPrivateAndReplacesWhatACrashLeft() throws IOException {
        Files.writeString(directory.resolve("journal.new"), "half a li");
        journal().append(entries());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("journal"))))
                .isEqualTo("rw-------");
        assertThat(directory.resolve("journal.new")).doesNotExist();
        assertThat(journal().load().damaged()).isFalse();
    }

    @Test
    void refusesAFormatFromTheFuture() throws IOException {
        Files.createDirectories(directory);
        var header = new ObjectMapper().createObjectNode().put("version", 99).put("life", "boot net:1");
        var lines = new JournalLines();
        lines.json().writeTree(header);
        lines.end();
        try (OutputStream out = Files.newOutputStream(directory.resolve("journal"))) {
            lines.writeTo(out);
        }
        assertThatThrownBy(() -> journal().load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 99");
    }

    @Test
    void staysShortHoweverMuchHappens() throws IOException {
        FileJournal first = journal();
        first.load();
        for (int i = 0; i < 5000; i++) {
            first.append(List.of(peer(i % 3, State.APPLIED)));
        }
        assertThat(Files.readAllLines(directory.resolve("journal"))).hasSizeLessThan(1100);
        assertThat(journal().load().peers()).hasSize(3);
    }
}
