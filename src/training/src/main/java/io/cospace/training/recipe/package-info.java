/** The default model's training: its rows, its pairs, its two paths. */
@NullMarked
package io.cospace.training.recipe;

import org.jspecify.annotations.NullMarked;
