@NullMarked
package dev.flannelx.reconcile;

import org.jspecify.annotations.NullMarked;
