/** The model bundle: its manifest, its checksums, its vector space. */
@NullMarked
package io.cospace.encoder.bundle;

import org.jspecify.annotations.NullMarked;
