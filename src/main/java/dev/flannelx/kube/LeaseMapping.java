package dev.flannelx.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.ip.Family;
import dev.flannelx.kube.resource.SubnetLease;
import dev.flannelx.kube.resource.SubnetLeaseSpec;
import dev.flannelx.lease.BackendData;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Shown;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** SubnetLease as the API server keeps it, and {@link Lease}. */
final class LeaseMapping {
    private LeaseMapping() {}

    /** The name of the resource that claims the subnet. */
    static String name(String network, Subnet subnet) {
        return network + "-" + subnet.canonical().toString().replaceAll("[.:/]", "-");
    }

    /** The resource that claims the lease's subnet for its node. */
    static SubnetLease toResource(Lease lease) {
        var resource = new SubnetLease();
        var metadata = new ObjectMetaBuilder().withName(name(lease.network(), lease.subnet()));
        resource.setMetadata(
                lease.reserved()
                        ? metadata.addToAnnotations(SubnetLease.NODE_UID, lease.nodeUid())
                                .build()
                        : metadata.addToOwnerReferences(NodeOwner.reference(lease.node(), lease.nodeUid()))
                                .build());
        resource.setSpec(spec(lease));
        return resource;
    }

    static SubnetLeaseSpec spec(Lease lease) {
        return new SubnetLeaseSpec(
                lease.network(),
                lease.node(),
                text(lease.subnet().ipv4()),
                text(lease.subnet().ipv6()),
                text(lease.publicAddress().ipv4()),
                text(lease.publicAddress().ipv6()),
                lease.backendType().isEmpty() ? null : lease.backendType(),
                lease.backendData().isEmpty() ? null : lease.backendData(),
                Times.micro(lease.acquireTime()),
                lease.reserved() ? true : null);
    }

    /** Reads what somebody wrote. */
    static ParsedLease parse(GenericKubernetesResource resource) {
        JsonNode spec = Untyped.part(resource, "spec");
        try {
            return new ParsedLease.Understood(lease(resource.getMetadata(), spec));
        } catch (IllegalArgumentException e) {
            return new ParsedLease.Nonsense(Untyped.text(spec, "network"), Objects.toString(e.getMessage()));
        }
    }

    private static Lease lease(ObjectMeta metadata, JsonNode spec) {
        String network = text(spec, "network");
        String node = text(spec, "nodeName");
        var subnet = new Subnet(
                parsed(spec, "subnet", Family.IPV4, Cidr::parse, Cidr::family),
                parsed(spec, "ipv6Subnet", Family.IPV6, Cidr::parse, Cidr::family));
        String name = name(network, subnet);
        if (!name.equals(metadata.getName())) {
            throw new IllegalArgumentException("its name is not that of its subnet: want " + name);
        }
        boolean reserved = spec.path("reserved").asBoolean(false);
        String data = text(spec, "backendData");
        BackendData.problemWith(data).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        Instant created = Times.parse(metadata.getCreationTimestamp()).orElse(Instant.EPOCH);
        return new Lease(
                network,
                node,
                ownerUid(metadata, node, reserved),
                subnet,
                new PublicAddress(
                        parsed(spec, "publicIP", Family.IPV4, Address::parse, Address::family),
                        parsed(spec, "publicIPv6", Family.IPV6, Address::parse, Address::family)),
                text(spec, "backendType"),
                data,
                Times.parse(text(spec, "acquireTime")).orElse(created),
                created,
                reserved);
    }

    private static String ownerUid(ObjectMeta metadata, String node, boolean reserved) {
        if (reserved) {
            Map<String, String> annotations = metadata.getAnnotations();
            return annotations == null ? "" : annotations.getOrDefault(SubnetLease.NODE_UID, "");
        }
        return NodeOwner.uid(metadata, node);
    }

    private static <T> @Nullable T parsed(
            JsonNode spec,
            String field,
            Family family,
            Function<String, Optional<T>> parser,
            Function<T, Family> familyOf) {
        String text = text(spec, field);
        if (text.isEmpty()) {
            return null;
        }
        return parser.apply(text)
                .filter(value ->
                        familyOf.apply(value) == family && value.toString().equals(text))
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s %s is wrong: want it in its canonical %s form".formatted(field, Shown.text(text), family)));
    }

    private static String text(JsonNode spec, String field) {
        JsonNode value = spec.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
            throw new IllegalArgumentException(
                    "%s %s is wrong: want a string".formatted(field, Shown.text(value.toString())));
        }
        return value.asText("");
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
