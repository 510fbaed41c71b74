/** What the machine has that a model runs on: read from the system, changed nowhere. */
@NullMarked
package io.cospace.evaluate.machine;

import org.jspecify.annotations.NullMarked;
