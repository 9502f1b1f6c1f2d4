package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import org.junit.jupiter.api.Test;

class FailingHooksTest {
    private static final Local LOCAL = new Local("node1", PublicAddress.NONE, null);

    private final FailingHooks failing = new FailingHooks();

    @Test
    void aFailureBeginsOnceAndEndsOnce() {
        assertThat(failing.failed(add(1))).isTrue();
        assertThat(failing.failed(add(1))).isFalse();
        assertThat(failing.over(add(1))).isTrue();
        assertThat(failing.over(add(1))).isFalse();
        assertThat(failing.failed(add(1))).isTrue();
    }

    @Test
    void anotherHookOrAnotherPeerHasNothingToDoWithIt() {
        failing.failed(add(1));

        assertThat(failing.over(add(2))).isFalse();
        assertThat(failing.over(new HookInvocation.ForPeer(Hook.SUBNET_REMOVE, "del", LOCAL, peer(1))))
                .isFalse();
        assertThat(failing.over(new HookInvocation.ForNode(Hook.SHUTDOWN, "down", LOCAL)))
                .isFalse();
        assertThat(failing.over(add(1))).isTrue();
    }

    private static HookInvocation add(int number) {
        return new HookInvocation.ForPeer(Hook.SUBNET_ADD, "add", LOCAL, peer(number));
    }

    private static Peer peer(int number) {
        var subnet = new Subnet(Cidr.parse("10.50." + number + ".0/24").orElseThrow(), null);
        return new Peer(subnet, PublicAddress.NONE, "node2", "");
    }
}
