package dev.flannelx.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.HookCommands.PeerCommands;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkDecoder;
import dev.flannelx.network.NetworkEncoder;
import dev.flannelx.reconcile.AppliedStartup;
import dev.flannelx.reconcile.JournalEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Journal entries as JSON objects and back. The command texts of peers are written once, as an entry of their own with a
 * number, and named by it: five thousand peers share one text. One codec belongs to one file.
 */
final class JournalCodec {
    private final Map<PeerCommands, Integer> numbers = new HashMap<>();
    private final Map<Integer, PeerCommands> texts = new HashMap<>();

    /** The objects for an entry: command texts that the file does not have yet, then the entry. */
    List<ObjectNode> encode(JournalEntry entry) {
        var objects = new ArrayList<ObjectNode>();
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        switch (entry) {
            case JournalEntry.PutStartup(AppliedStartup startup) -> object.set("startup", startup(startup));
            case JournalEntry.PutPeer(AppliedPeer applied) -> {
                if (!numbers.containsKey(applied.commands())) {
                    objects.add(commands(applied.commands()));
                }
                object.set("peer", peer(applied));
            }
            case JournalEntry.DropPeer(Subnet subnet) -> object.set("drop", subnet(subnet));
        }
        objects.add(object);
        return objects;
    }

    /**
     * The entry of an object; empty for command texts, which the codec keeps.
     *
     * @throws IllegalArgumentException if it is none
     */
    Optional<JournalEntry> decode(JsonNode object) {
        if (object.has("commands")) {
            JsonNode commands = object.get("commands");
            remember(
                    commands.path("number").intValue(),
                    new PeerCommands(text(commands, "add"), text(commands, "remove"), text(commands, "batch")));
            return Optional.empty();
        }
        if (object.has("startup")) {
            return Optional.of(new JournalEntry.PutStartup(startup(object.get("startup"))));
        }
        if (object.has("peer")) {
            return Optional.of(new JournalEntry.PutPeer(peer(object.get("peer"))));
        }
        if (object.has("drop")) {
            return Optional.of(new JournalEntry.DropPeer(require(subnet(object.get("drop")), "subnet")));
        }
        throw new IllegalArgumentException("an entry of an unknown kind: " + object);
    }

    private ObjectNode commands(PeerCommands commands) {
        int number = numbers.size();
        remember(number, commands);
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode content = object.putObject("commands");
        content.put("number", number);
        put(content, "add", commands.add());
        put(content, "remove", commands.remove());
        put(content, "batch", commands.batch());
        return object;
    }

    private void remember(int number, PeerCommands commands) {
        numbers.put(commands, number);
        texts.put(number, commands);
    }

    private static ObjectNode startup(AppliedStartup startup) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("network", startup.network().name());
        object.set("spec", NetworkEncoder.encode(startup.network()));
        object.put("uid", startup.networkUid());
        object.put("generation", startup.generation());
        object.put("node", startup.local().node());
        publicAddress(object, startup.local().publicAddress());
        if (startup.local().subnet() != null) {
            object.set("subnet", subnet(startup.local().subnet()));
        }
        object.put("data", startup.data());
        object.put("stage", startup.stage().name());
        put(object, "run", startup.run());
        return object;
    }

    private static AppliedStartup startup(JsonNode object) {
        String name = require(text(object, "network"), "network");
        Network network = switch (NetworkDecoder.decode(name, object.path("spec"))) {
            case Decoded.Valid(Network valid) -> valid;
            case Decoded.Invalid(List<String> problems) ->
                throw new IllegalArgumentException(String.join("; ", problems));
        };
        return new AppliedStartup(
                network,
                require(text(object, "uid"), "uid"),
                object.path("generation").longValue(),
                new Local(
                        require(text(object, "node"), "node"),
                        publicAddress(object),
                        object.has("subnet") ? subnet(object.get("subnet")) : null),
                require(text(object, "data"), "data"),
                AppliedStartup.Stage.valueOf(require(text(object, "stage"), "stage")),
                text(object, "run"));
    }

    private ObjectNode peer(AppliedPeer applied) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.set("subnet", subnet(applied.peer().subnet()));
        publicAddress(object, applied.peer().publicAddress());
        object.put("node", applied.peer().node());
        object.put("data", applied.peer().data());
        object.put("commands", numbers.get(applied.commands()));
        object.put("state", applied.state().name());
        put(object, "run", applied.run());
        return object;
    }

    private AppliedPeer peer(JsonNode object) {
        var peer = new Peer(
                require(subnet(object.path("subnet")), "subnet"),
                publicAddress(object),
                require(text(object, "node"), "node"),
                require(text(object, "data"), "data"));
        return new AppliedPeer(
                peer,
                require(texts.get(object.path("commands").intValue()), "commands"),
                AppliedPeer.State.valueOf(require(text(object, "state"), "state")),
                text(object, "run"));
    }

    private static ObjectNode subnet(Subnet subnet) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        put(object, "ipv4", subnet.ipv4());
        put(object, "ipv6", subnet.ipv6());
        return object;
    }

    private static Subnet subnet(JsonNode object) {
        return new Subnet(cidr(object, "ipv4"), cidr(object, "ipv6"));
    }

    private static void publicAddress(ObjectNode object, PublicAddress address) {
        put(object, "publicIP", address.ipv4());
        put(object, "publicIPv6", address.ipv6());
    }

    private static PublicAddress publicAddress(JsonNode object) {
        return new PublicAddress(address(object, "publicIP"), address(object, "publicIPv6"));
    }

    private static @Nullable Cidr cidr(JsonNode object, String field) {
        String text = text(object, field);
        return text == null ? null : require(Cidr.parse(text).orElse(null), field);
    }

    private static @Nullable Address address(JsonNode object, String field) {
        String text = text(object, field);
        return text == null ? null : require(Address.parse(text).orElse(null), field);
    }

    private static void put(ObjectNode object, String field, @Nullable Object value) {
        if (value != null) {
            object.put(field, Objects.toString(value));
        }
    }

    private static @Nullable String text(JsonNode object, String field) {
        return object.path(field).isTextual() ? object.get(field).textValue() : null;
    }

    private static <T> T require(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException("no valid " + field);
        }
        return value;
    }
}
