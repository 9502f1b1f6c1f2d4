@NullMarked
package dev.flannelx.lease;

import org.jspecify.annotations.NullMarked;
