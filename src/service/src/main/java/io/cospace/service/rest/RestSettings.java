package io.cospace.service.rest;

import java.util.Map;

/**
 * What the HTTP side needs to know beyond the limits of a call.
 *
 * @param version of the service, as GET /info says it
 * @param maxBodyMemoryBytes memory that the bodies of all calls together may hold
 * @param limits of all calls together, as GET /info says them beside those of one call
 */
public record RestSettings(String version, long maxBodyMemoryBytes, Map<String, Long> limits) {}
