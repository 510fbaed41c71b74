/**
 * Released models to bundles: what a folder or file is, how its images and texts are prepared, and
 * the making of a bundle of it, without asking for anything that the files tell.
 */
@NullMarked
package io.cospace.export.importer;

import org.jspecify.annotations.NullMarked;
