@NullMarked
package dev.flannelx.ip;

import org.jspecify.annotations.NullMarked;
