@NullMarked
package dev.flannelx.app.agent;

import org.jspecify.annotations.NullMarked;
