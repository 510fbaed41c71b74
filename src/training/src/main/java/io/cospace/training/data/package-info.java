/**
 * Samples for training: an index over data sets, the texts of a sample, order, augmentation,
 * decoding, cached vectors. Everything drawn at random is a function of the seed, the epoch and the
 * sample, so that a run can go on from any step without a record of where its readers were.
 */
@NullMarked
package io.cospace.training.data;

import org.jspecify.annotations.NullMarked;
