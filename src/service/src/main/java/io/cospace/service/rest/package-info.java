/** HTTP: bodies to requests, results to bodies, problems to statuses. */
@NullMarked
package io.cospace.service.rest;

import org.jspecify.annotations.NullMarked;
