/**
 * Fetches images by URL, if the operator allows it at all: only https, only named hosts, only
 * public addresses, each checked once more at every redirect.
 */
@NullMarked
package io.cospace.service.fetch;

import org.jspecify.annotations.NullMarked;
