package io.cospace.service.batching;

/**
 * Where a batch runs.
 *
 * @param dispatcher index of the dispatcher, 0 .. dispatchers - 1; on a GPU machine, of the device
 * @param cores how many cores the run may use
 */
public record Placement(int dispatcher, Cores cores) {}
