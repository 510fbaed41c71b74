/**
 * Weights as their makers published them: safetensors, PyTorch pickles and TorchScript archives,
 * all read by mapping and without running anything that a file holds.
 */
@NullMarked
package io.cospace.export.checkpoint;

import org.jspecify.annotations.NullMarked;
