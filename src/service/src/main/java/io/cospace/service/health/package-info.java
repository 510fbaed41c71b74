/** What the probes ask: started, live, ready. */
@NullMarked
package io.cospace.service.health;

import org.jspecify.annotations.NullMarked;
