/** Trainable towers, adapter and heads over the tensors of a checkpoint, whose names they keep. */
@NullMarked
package io.cospace.training.model;

import org.jspecify.annotations.NullMarked;
