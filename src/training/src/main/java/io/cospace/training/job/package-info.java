/** A training job as a file: its configuration, its run folder, its commands. */
@NullMarked
package io.cospace.training.job;

import org.jspecify.annotations.NullMarked;
