/** An encoder and labelled data to figures: retrieval, zero-shot, verification, bench. */
@NullMarked
package io.cospace.evaluate;

import org.jspecify.annotations.NullMarked;
