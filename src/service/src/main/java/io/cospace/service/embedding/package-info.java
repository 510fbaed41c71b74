/**
 * The one path of every transport: inputs to vectors, scores and tokens, with an outcome for each
 * item.
 */
@NullMarked
package io.cospace.service.embedding;

import org.jspecify.annotations.NullMarked;
