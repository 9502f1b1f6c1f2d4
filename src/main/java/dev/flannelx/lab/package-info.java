@NullMarked
package dev.flannelx.lab;

import org.jspecify.annotations.NullMarked;
