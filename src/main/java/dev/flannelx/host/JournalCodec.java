package dev.flannelx.host;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
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
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Journal entries as lines and back. The command texts of peers are written once, as a line of their own with a number,
 * and named by it: five thousand peers share one text. One codec belongs to one file.
 */
final class JournalCodec {
    private final Map<PeerCommands, Integer> numbers = new HashMap<>();
    private final Map<Integer, PeerCommands> texts = new HashMap<>();

    /**
     * Adds an entry, behind the command texts that it names and the file does not have yet. No tree is built first, since
     * every hook waits for this twice.
     */
    void encode(JournalEntry entry, JournalLines lines) throws IOException {
        switch (entry) {
            case JournalEntry.PutStartup(AppliedStartup startup) -> startup(lines.json(), startup);
            case JournalEntry.PutPeer(AppliedPeer applied) -> {
                Integer known = numbers.get(applied.commands());
                int number = known == null ? numbers.size() : known;
                if (known == null) {
                    remember(number, applied.commands());
                    commands(lines.json(), number, applied.commands());
                    lines.end();
                }
                peer(lines.json(), applied, number);
            }
            case JournalEntry.DropPeer(Subnet subnet) -> drop(lines.json(), subnet);
        }
        lines.end();
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

    private static void commands(JsonGenerator json, int number, PeerCommands commands) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("commands");
        json.writeNumberField("number", number);
        put(json, "add", commands.add());
        put(json, "remove", commands.remove());
        put(json, "batch", commands.batch());
        json.writeEndObject();
        json.writeEndObject();
    }

    private void remember(int number, PeerCommands commands) {
        numbers.put(commands, number);
        texts.put(number, commands);
    }

    private static void startup(JsonGenerator json, AppliedStartup startup) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("startup");
        json.writeStringField("network", startup.network().name());
        json.writeFieldName("spec");
        json.writeTree(NetworkEncoder.encode(startup.network()));
        json.writeStringField("uid", startup.networkUid());
        json.writeNumberField("generation", startup.generation());
        json.writeStringField("node", startup.local().node());
        publicAddress(json, startup.local().publicAddress());
        if (startup.local().subnet() != null) {
            subnet(json, "subnet", startup.local().subnet());
        }
        json.writeStringField("data", startup.data());
        json.writeStringField("stage", startup.stage().name());
        put(json, "run", startup.run());
        json.writeEndObject();
        json.writeEndObject();
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

    private static void peer(JsonGenerator json, AppliedPeer applied, int commands) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("peer");
        subnet(json, "subnet", applied.peer().subnet());
        publicAddress(json, applied.peer().publicAddress());
        json.writeStringField("node", applied.peer().node());
        json.writeStringField("data", applied.peer().data());
        json.writeNumberField("commands", commands);
        json.writeStringField("state", applied.state().name());
        put(json, "run", applied.run());
        json.writeEndObject();
        json.writeEndObject();
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

    private static void drop(JsonGenerator json, Subnet subnet) throws IOException {
        json.writeStartObject();
        subnet(json, "drop", subnet);
        json.writeEndObject();
    }

    private static void subnet(JsonGenerator json, String field, Subnet subnet) throws IOException {
        json.writeObjectFieldStart(field);
        put(json, "ipv4", subnet.ipv4());
        put(json, "ipv6", subnet.ipv6());
        json.writeEndObject();
    }

    private static Subnet subnet(JsonNode object) {
        return new Subnet(cidr(object, "ipv4"), cidr(object, "ipv6"));
    }

    private static void publicAddress(JsonGenerator json, PublicAddress address) throws IOException {
        put(json, "publicIP", address.ipv4());
        put(json, "publicIPv6", address.ipv6());
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

    private static void put(JsonGenerator json, String field, @Nullable Object value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value.toString());
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
