@NullMarked
package dev.flannelx.network;

import org.jspecify.annotations.NullMarked;
