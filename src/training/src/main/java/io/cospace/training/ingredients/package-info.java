/** Makes the default model's ingredients of public packages: tables of words, and pairs. */
@NullMarked
package io.cospace.training.ingredients;

import org.jspecify.annotations.NullMarked;
