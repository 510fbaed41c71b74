/**
 * The only package that knows the engine: tensors, gradients, optimiser and process groups of
 * libtorch behind a small surface, with the traps of its generated binding kept inside.
 */
@NullMarked
package io.cospace.training.torch;

import org.jspecify.annotations.NullMarked;
