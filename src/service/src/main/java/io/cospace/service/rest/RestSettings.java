package io.cospace.service.rest;

/**
 * What the HTTP side needs to know beyond the limits of a call.
 *
 * @param version of the service, as GET /info says it
 * @param maxBodyMemoryBytes memory that the bodies of all calls together may hold
 */
public record RestSettings(String version, long maxBodyMemoryBytes) {}
