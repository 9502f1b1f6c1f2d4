@NullMarked
package dev.flannelx.host;

import org.jspecify.annotations.NullMarked;
