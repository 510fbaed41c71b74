/**
 * The batching policy: who runs next, with whom, on how many cores, and who is turned away.
 *
 * <p>Read {@link io.cospace.service.batching.Dispatchers} first (threads and the life of a batch),
 * then {@code Scheduler} (admission and choice), {@code BatchFormer} (which entries share a run),
 * {@code FairShare} (interactive against bulk) and {@code Spacing} (when bulk batches end). Knows
 * nothing of texts, images, models or HTTP: an item is opaque, has a length in units and a
 * predicted cost in milliseconds.
 */
@NullMarked
package io.cospace.service.batching;

import org.jspecify.annotations.NullMarked;
