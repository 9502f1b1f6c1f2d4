package dev.flannelx.kube.event;

import org.jspecify.annotations.Nullable;

/**
 * Something that a person should find beside the object that it happened to. Two that differ in their note only are one
 * that happened twice.
 *
 * @param regarding what it happened to
 * @param related what else had to do with it, or null
 * @param reason one CamelCase word
 * @param action what was being done, in one word
 */
public record ClusterEvent(
        Subject regarding, @Nullable Subject related, Type type, String reason, String action, String note) {

    /** An object without a namespace. */
    public record Subject(String apiVersion, String kind, String name, String uid) {}

    /** How bad it is. */
    public enum Type {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }
}
