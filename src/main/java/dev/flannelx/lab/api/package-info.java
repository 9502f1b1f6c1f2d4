@NullMarked
package dev.flannelx.lab.api;

import org.jspecify.annotations.NullMarked;
