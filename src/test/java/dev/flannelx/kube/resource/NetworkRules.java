package dev.flannelx.kube.resource;

import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.List;

/**
 * CEL for one family's fields of a FlannelNetwork: flannel's subnet arithmetic, as far as the API server lets it. Whether
 * first and last lie on a subnet boundary would take the text of a number, which its cost estimate has no bound for:
 * {@link dev.flannelx.network.NetworkDecoder} refuses what passes here.
 *
 * @param smallest the longest prefix of a network that has room for nodes
 */
record NetworkRules(int family, String network, String prefix, int smallest) {
    static final NetworkRules IPV4 = new NetworkRules(4, "network", "subnet", 28);
    static final NetworkRules IPV6 = new NetworkRules(6, "ipv6Network", "ipv6Subnet", 124);

    /** For the field that holds the network. */
    List<ValidationRule> onNetwork() {
        return List.of(
                Rules.rule(
                        "isCIDR(self) && cidr(self).ip().family() == " + family,
                        "want an IPv%d network, as %s"
                                .formatted(family, family == 4 ? "10.50.0.0/16" : "fd00:50::/48")),
                Rules.telling(
                        "!isCIDR(self) || cidr(self) == cidr(self).masked()",
                        "the network has host bits",
                        "'%s ' + self + ' has host bits'".formatted(network)),
                Rules.telling(
                        "!isCIDR(self) || cidr(self).prefixLength() <= " + smallest,
                        "the network is too small: want a prefix of at most /" + smallest,
                        "'%s ' + self + ' is too small: want a prefix of at most /%d'".formatted(network, smallest)));
    }

    /** For the spec: what its fields have to do with each other. */
    List<ValidationRule> onSpec() {
        return List.of(
                Rules.immutable(network),
                Rules.immutable(prefix + "Len"),
                Rules.rule(
                        fill("has(self.NET) || !(has(self.SUBLen) || has(self.SUBMin) || has(self.SUBMax))"),
                        fill("SUBLen, SUBMin and SUBMax want NET")),
                Rules.telling(
                        fill("!has(self.SUBLen) || !KNOWN || self.SUBLen >= cidr(self.NET).prefixLength() + 2"),
                        fill("SUBLen is too short: want at least the prefix of NET + 2"),
                        fill("'SUBLen does not fit ' + self.NET + ': want at least its prefix + 2'")),
                liesInside("Min"),
                liesInside("Max"));
    }

    private ValidationRule liesInside(String end) {
        return Rules.rule(
                fill("!has(self.END) || !isIP(self.END) || !KNOWN || cidr(self.NET).containsIP(self.END)", end),
                fill("END lies outside NET", end));
    }

    private String fill(String template, String end) {
        return fill(template.replace("END", prefix + end));
    }

    private String fill(String template) {
        return template.replace("KNOWN", "(has(self.NET) && isCIDR(self.NET))")
                .replace("NET", network)
                .replace("SUB", prefix);
    }
}
