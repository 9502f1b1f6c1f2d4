package dev.flannelx.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Objects;

/** Networks for tests, from the YAML of their spec. */
public final class Specs {
    private static final String ADD_ONLY = "\nbackend: {type: extension, subnetAddCommand: add}\n";

    private Specs() {}

    public static JsonNode yaml(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** The network of a spec that lacks only a backend. */
    public static Network network(String specWithoutBackend) {
        return whole(specWithoutBackend + ADD_ONLY);
    }

    /** The same, of a name of its own. */
    public static Network named(String name, String specWithoutBackend) {
        return decoded(name, specWithoutBackend + ADD_ONLY);
    }

    public static Network whole(String spec) {
        return decoded("demo", spec);
    }

    private static Network decoded(String name, String spec) {
        return switch (NetworkDecoder.decode(name, yaml(spec))) {
            case Decoded.Valid(Network network) -> network;
            case Decoded.Invalid(List<String> problems) -> throw new AssertionError(problems);
        };
    }

    /** The IPv4 pool of a network that has one. */
    public static SubnetPool ipv4(Network network) {
        return Objects.requireNonNull(network.ipv4());
    }

    /** The IPv6 pool of a network that has one. */
    public static SubnetPool ipv6(Network network) {
        return Objects.requireNonNull(network.ipv6());
    }

    /** What is wrong with a spec that lacks a backend otherwise. */
    static List<String> problems(String specWithoutBackend) {
        return problemsOfWhole(specWithoutBackend + ADD_ONLY);
    }

    static List<String> problemsOfWhole(String spec) {
        return switch (NetworkDecoder.decode("demo", yaml(spec))) {
            case Decoded.Valid _ -> List.of();
            case Decoded.Invalid(List<String> problems) -> problems;
        };
    }
}
