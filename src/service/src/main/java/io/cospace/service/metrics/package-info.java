/** All meters of the service. */
@NullMarked
package io.cospace.service.metrics;

import org.jspecify.annotations.NullMarked;
