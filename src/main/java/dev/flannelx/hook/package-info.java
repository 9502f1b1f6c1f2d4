@NullMarked
package dev.flannelx.hook;

import org.jspecify.annotations.NullMarked;
