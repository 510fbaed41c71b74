/** What is told of each call when it has ended: a line of the access log, spans of a trace. */
@NullMarked
package io.cospace.service.signals;

import org.jspecify.annotations.NullMarked;
