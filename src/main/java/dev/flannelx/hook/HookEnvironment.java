package dev.flannelx.hook;

import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The variables and the stdin that a hook gets. Nothing else of what another node wrote reaches a hook. */
public final class HookEnvironment {
    private HookEnvironment() {}

    /** Every variable of the contract, set; what is not known is empty. */
    public static Map<String, String> variables(Network network, HookInvocation invocation) {
        Local local = invocation.local();
        var variables = new LinkedHashMap<String, String>();
        variables.put("NETWORK", network.ipv4Network().map(Objects::toString).orElse(""));
        variables.put(
                "IPV6NETWORK", network.ipv6Network().map(Objects::toString).orElse(""));
        switch (invocation) {
            case HookInvocation.ForNode(Hook hook, String _, Local self) ->
                putSubject(
                        variables, hook == Hook.PRE_STARTUP ? null : self.subnet(), self.publicAddress(), self.node());
            case HookInvocation.ForPeer(Hook _, String _, Local _, Peer peer) ->
                putSubject(variables, peer.subnet(), peer.publicAddress(), peer.node());
            case HookInvocation.ForBatch _ -> putSubject(variables, null, PublicAddress.NONE, "");
        }
        Subnet localSubnet = invocation.hook() == Hook.PRE_STARTUP ? null : local.subnet();
        variables.put("LOCAL_SUBNET", localSubnet == null ? "" : text(localSubnet.ipv4()));
        variables.put("LOCAL_PUBLIC_IP", text(local.publicAddress().ipv4()));
        variables.put("LOCAL_NODE", local.node());
        return variables;
    }

    /** The peer's data and a newline, the batch's lines, or for the node's own hooks one newline. */
    public static String stdin(HookInvocation invocation) {
        return switch (invocation) {
            case HookInvocation.ForNode _ -> "\n";
            case HookInvocation.ForPeer(Hook _, String _, Local _, Peer peer) -> peer.data() + "\n";
            case HookInvocation.ForBatch(String _, Local _, var lines) -> {
                var text = new StringBuilder();
                lines.forEach(line -> text.append(line.text()).append('\n'));
                yield text.toString();
            }
        };
    }

    private static void putSubject(
            Map<String, String> variables, @Nullable Subnet subnet, PublicAddress publicAddress, String node) {
        variables.put("SUBNET", subnet == null ? "" : text(subnet.ipv4()));
        variables.put("IPV6SUBNET", subnet == null ? "" : text(subnet.ipv6()));
        variables.put("PUBLIC_IP", text(publicAddress.ipv4()));
        variables.put("PUBLIC_IPV6", text(publicAddress.ipv6()));
        variables.put("NODE", node);
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, "");
    }
}
