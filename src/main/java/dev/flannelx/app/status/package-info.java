/** What {@code flannelx status} shows. */
@NullMarked
package dev.flannelx.app.status;

import org.jspecify.annotations.NullMarked;
