package dev.flannelx.kube.operator;

/**
 * Which of several operators this is.
 *
 * @param namespace where they find each other
 * @param name unlike that of any other, and of an earlier one in the same pod
 */
public record OperatorIdentity(String namespace, String name) {}
