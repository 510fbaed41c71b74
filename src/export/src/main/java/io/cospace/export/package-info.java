/** Weights to bundles: checkpoint readers, graph writer, quantiser. */
@NullMarked
package io.cospace.export;

import org.jspecify.annotations.NullMarked;
