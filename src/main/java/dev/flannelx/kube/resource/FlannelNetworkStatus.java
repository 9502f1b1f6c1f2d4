package dev.flannelx.kube.resource;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A FlannelNetwork's {@code status}, written by the operator. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FlannelNetworkStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Accepted, Ready, Progressing, PoolExhausted, TearingDown.") @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("How many nodes.") @Nullable
        NodeCounts nodes,

        @JsonPropertyDescription("How many subnets.") @Nullable
        SubnetCounts subnets) {

    /** The condition of that type, where there is one. */
    public Optional<Condition> condition(String type) {
        List<Condition> all = conditions == null ? List.of() : conditions;
        return all.stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    /** Whether there is a condition of that type, and it is {@code True}. */
    public boolean isTrue(String type) {
        return condition(type)
                .filter(condition -> "True".equals(condition.getStatus()))
                .isPresent();
    }

    /** {@code status.nodes}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NodeCounts(
            @JsonPropertyDescription(
                    "Nodes whose part is ready, that are Ready themselves, and whose agent shows signs of life.")
            int ready,

            @JsonPropertyDescription("Nodes that are to join.")
            int total,

            @JsonPropertyDescription("Nodes with the latest spec.")
            int updated,

            @JsonPropertyDescription("ready/total, as a column shows it.") @Nullable
            String summary) {}

    /** {@code status.subnets}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record SubnetCounts(
            @JsonPropertyDescription("Subnets that nodes have.")
            long allocated,

            @JsonPropertyDescription("Subnets that there are to hand out; at most 2^53, which means that many or more.")
            long capacity) {}
}
