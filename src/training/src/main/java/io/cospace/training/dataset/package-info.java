/** Makes data sets for training: shards, splits that share no picture. */
@NullMarked
package io.cospace.training.dataset;

import org.jspecify.annotations.NullMarked;
