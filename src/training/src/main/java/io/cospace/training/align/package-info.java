/** Losses, optimiser settings, stages, the trainer and its checkpoints. */
@NullMarked
package io.cospace.training.align;

import org.jspecify.annotations.NullMarked;
