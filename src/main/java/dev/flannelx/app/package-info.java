@NullMarked
package dev.flannelx.app;

import org.jspecify.annotations.NullMarked;
