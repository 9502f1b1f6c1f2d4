/** The operator at work on a cluster: leader election, caches, and what is written. */
@NullMarked
package dev.flannelx.kube.operator;

import org.jspecify.annotations.NullMarked;
