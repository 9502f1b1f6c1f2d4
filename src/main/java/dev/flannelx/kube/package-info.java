@NullMarked
package dev.flannelx.kube;

import org.jspecify.annotations.NullMarked;
