package io.cospace.export.graph;

/**
 * The one row of each sequence that is read at the end: the last block then computes its query,
 * output and feed-forward layers for these rows only, which changes nothing.
 *
 * @param rows int64 [n], indices among all rows
 * @param visible int64 [n], keys of each sequence that its row attends to; {@link Value#NONE}: all
 */
record Selection(Value rows, Value visible) {}
