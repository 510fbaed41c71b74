package io.cospace.service.batching;

/**
 * The answer to one item, with the time it took.
 *
 * @param value shared by all callers that sent the same key; must not be changed
 * @param queueNanos from submission to the start of the run that answered it
 * @param runNanos time of that run, shared by all its rows
 * @param rows items in that run; 0 when the value came from the cache
 */
public record Answer<O>(O value, long queueNanos, long runNanos, int rows) {}
