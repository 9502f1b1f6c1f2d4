@NullMarked
package dev.flannelx.kube.event;

import org.jspecify.annotations.NullMarked;
