/**
 * What both transports do with an answer that is on its way out: write it, see whether its client
 * takes it, and cut off one that does not.
 */
@NullMarked
package io.cospace.service.outflow;

import org.jspecify.annotations.NullMarked;
