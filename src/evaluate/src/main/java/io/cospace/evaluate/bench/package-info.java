/**
 * What a bundle and a service do per second: the bare loop over the graphs, load over HTTP, and
 * comparisons in turns.
 */
@NullMarked
package io.cospace.evaluate.bench;

import org.jspecify.annotations.NullMarked;
