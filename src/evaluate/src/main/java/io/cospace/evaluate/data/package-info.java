/**
 * Pairs of images and captions as people keep them (WebDataset tar shards, CSV and TSV tables,
 * folders), read the same way for evaluation, export and training.
 */
@NullMarked
package io.cospace.evaluate.data;

import org.jspecify.annotations.NullMarked;
