/**
 * Who may come in, how much they may ask, and what they are told when they may not: API keys,
 * limits of each key, deadlines, and refusal by predicted wait before anything is read or decoded.
 *
 * <p>Knows no transport: header values come in as strings and go out as strings. Start with {@link
 * io.cospace.service.admission.Admission}.
 */
@NullMarked
package io.cospace.service.admission;

import org.jspecify.annotations.NullMarked;
