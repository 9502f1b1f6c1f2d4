package dev.flannelx.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdviceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "ip route add $SUBNET via $PUBLIC_IP | `ip route add` fails or piles up when it is repeated: ip route replace",
                "ip -4 r a $SUBNET via $PUBLIC_IP | `ip -4 r a` fails or piles up when it is repeated: ip route replace",
                "ip neigh add x dev y | `ip neigh add` fails or piles up when it is repeated: ip neighbour replace",
                "ip addr add x dev y | `ip addr add` fails or piles up when it is repeated: ip address replace",
                "bridge fdb append x dev y | `bridge fdb append` fails or piles up when it is repeated: bridge fdb replace",
                "ip link add x type vxlan | `ip link add` fails or piles up when it is repeated: delete the link first, or look whether it is there",
                "ip rule add from $SUBNET table 7 | `ip rule add` fails or piles up when it is repeated: delete the rule first, or look whether it is there",
                "iptables -t nat -A POSTROUTING -j ACCEPT | `iptables -t nat -A` fails or piles up when it is repeated: ask by -C first",
            })
    void namesACommandThatCannotBeRepeated(String command, String advice) {
        assertThat(on(command)).containsExactly("backend.subnetAddCommand: " + advice);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip route replace $SUBNET via $PUBLIC_IP",
                "ip route del $SUBNET; ip route add $SUBNET via $PUBLIC_IP",
                "ip link del x 2>/dev/null; ip link add x type vxlan",
                "ip link show x || ip link add x type vxlan",
                "iptables -C FORWARD -j ACCEPT || iptables -A FORWARD -j ACCEPT",
                "grep add /etc/hosts",
            })
    void letsACommandBeThatCanBeRepeated(String command) {
        assertThat(on(command)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "read VTEP; wg set peer $VTEP | VTEP",
                "read -r A B; wg set peer \"$A\" $B | B",
                "KEY=$(cat); wg set peer $KEY | KEY",
                "while read -r A B; do wg $A \"$B\"; done | A",
            })
    void namesAVariableFromAnotherNodeThatIsNotQuoted(String command, String name) {
        assertThat(on(command))
                .containsExactly(
                        "backend.subnetAddCommand: $%s comes from another node and is not quoted: write \"$%s\""
                                .formatted(name, name));
    }

    @Test
    void letsVariablesBeThatFlannelxHasParsed() {
        assertThat(on("read -r KEY; wg set peer \"$KEY\" allowed-ips $SUBNET")).isEmpty();
    }

    @Test
    void namesWhatIsMissing() {
        assertThat(Advice.on(Specs.whole("""
                network: 10.50.0.0/16
                backend:
                  type: extension
                  postStartupCommand: daemon &
                  subnetAddCommand: add
                """)))
                .containsExactly(
                        "backend.subnetRemoveCommand is missing: what an add did stays when its node goes, and an add that"
                                + " fails half-way cannot be repeated cleanly",
                        "backend.shutdownCommand is missing: what the startup made stays when the network goes",
                        "backend.subnetCheckCommand is missing: nobody notices when what an add did is taken away",
                        "backend.startupCheckCommand is missing: nobody notices when what runs in the background ends");
    }

    @Test
    void doesNotTakeARedirectionForABackgroundCommand() {
        assertThat(Advice.on(Specs.whole("""
                network: 10.50.0.0/16
                backend: {type: extension, postStartupCommand: 'a >log 2>&1 && b &>log', shutdownCommand: c}
                """))).isEmpty();
    }

    private static List<String> on(String add) {
        var commands = new HookCommands(null, null, add, "remove", null, "check", null, null);
        return Advice.on(Specs.network("network: 10.50.0.0/16").withCommands(commands));
    }
}
