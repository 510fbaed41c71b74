/** A run as one HTML file that needs no network. */
@NullMarked
package io.cospace.training.report;

import org.jspecify.annotations.NullMarked;
