/** Commands that align an image tower with a text embedder, and that make data for it. */
@NullMarked
package io.cospace.training;

import org.jspecify.annotations.NullMarked;
