package dev.flannelx.kube.resource;

import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.List;

/** CEL for a SubnetLease. */
final class LeaseRules {
    private LeaseRules() {}

    /** For the whole resource: its name is its claim. */
    static List<ValidationRule> onResource() {
        String name = "self.spec.network + '-' + (has(self.spec.subnet) ? self.spec.subnet"
                + " : has(self.spec.ipv6Subnet) ? self.spec.ipv6Subnet : '')"
                + ".replace('.', '-').replace(':', '-').replace('/', '-')";
        return List.of(Rules.telling(
                "self.metadata.name == " + name,
                "the name is not that of the network and the subnet",
                "'the name is not that of the network and the subnet: want ' + " + name));
    }

    static List<ValidationRule> onSpec() {
        return List.of(
                Rules.rule("has(self.subnet) || has(self.ipv6Subnet)", "want subnet or ipv6Subnet, or both"),
                Rules.immutable("network"),
                Rules.immutable("nodeName"),
                Rules.immutable("subnet"),
                Rules.immutable("ipv6Subnet"));
    }

    static List<ValidationRule> onSubnet(int family) {
        return List.of(
                Rules.rule(
                        "isCIDR(self) && cidr(self).ip().family() == %d && string(cidr(self)) == self"
                                .formatted(family),
                        "want an IPv%d subnet in its canonical form".formatted(family)),
                Rules.rule("!isCIDR(self) || cidr(self) == cidr(self).masked()", "the subnet has host bits"));
    }
}
