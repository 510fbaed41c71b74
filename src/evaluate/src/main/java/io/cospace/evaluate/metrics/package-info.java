/** Figures of merit over vectors and scores: retrieval, zero-shot, ranking, correlation. */
@NullMarked
package io.cospace.evaluate.metrics;

import org.jspecify.annotations.NullMarked;
