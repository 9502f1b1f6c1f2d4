@NullMarked
package dev.flannelx.app.lab;

import org.jspecify.annotations.NullMarked;
