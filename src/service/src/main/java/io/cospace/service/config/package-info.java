/** Every key that a deployment may set, with unit, range and default. */
@NullMarked
package io.cospace.service.config;

import org.jspecify.annotations.NullMarked;
