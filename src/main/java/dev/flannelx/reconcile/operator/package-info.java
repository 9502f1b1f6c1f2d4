/** What the operator decides: values in, values out. */
@NullMarked
package dev.flannelx.reconcile.operator;

import org.jspecify.annotations.NullMarked;
