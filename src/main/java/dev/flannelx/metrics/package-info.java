@NullMarked
package dev.flannelx.metrics;

import org.jspecify.annotations.NullMarked;
