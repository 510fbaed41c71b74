package io.cospace.service.rest;

import java.util.Map;

/**
 * What the HTTP side needs to know beyond the limits of a call.
 *
 * @param version of the service, as GET /info says it
 * @param maxBodyMemoryBytes memory that the bodies of all calls together may hold
 * @param bodyPauseMillis longest pause of a body that is read as a whole
 * @param linePauseMillis longest pause of a bulk call, between two lines in or in reading lines out
 * @param limits of all calls together, as GET /info says them beside those of one call
 */
public record RestSettings(
        String version,
        long maxBodyMemoryBytes,
        long bodyPauseMillis,
        long linePauseMillis,
        Map<String, Long> limits) {}
