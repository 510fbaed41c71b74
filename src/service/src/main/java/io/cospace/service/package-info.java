/** A bundle to REST and gRPC: batching, limits, health, metrics. */
@NullMarked
package io.cospace.service;

import org.jspecify.annotations.NullMarked;
