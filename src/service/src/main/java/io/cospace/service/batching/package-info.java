/**
 * The batching policy: who runs next, with whom, on how many cores, and who is turned away.
 *
 * <p>Read {@link io.cospace.service.batching.Dispatchers} first (threads and the life of a batch),
 * then {@code Engine} (the one lock), {@code Backlog} (what waits, and who is turned away), {@code
 * Scheduler} (who is next), {@code BatchFormer} (which entries share a run), {@code FairShare}
 * (interactive against bulk), {@code Spacing} (when bulk batches end), {@code Crew} and {@code
 * Supervisor} (who runs, who is stuck or dead). Knows nothing of texts, images, models or HTTP: an
 * item is opaque, has a length in units and a predicted cost in milliseconds.
 */
@NullMarked
package io.cospace.service.batching;

import org.jspecify.annotations.NullMarked;
