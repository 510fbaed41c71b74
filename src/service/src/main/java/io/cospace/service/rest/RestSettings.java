package io.cospace.service.rest;

/**
 * What the HTTP side needs to know beyond the limits of a call.
 *
 * @param maxBodyMemoryBytes memory that the bodies of all calls together may hold
 * @param bodyPauseMillis longest pause of a body that is read as a whole
 * @param linePauseMillis longest pause of a bulk call, between two lines in or in reading lines out
 * @param answerPauseMillis longest pause in reading an answer that is given as a whole
 */
public record RestSettings(
        long maxBodyMemoryBytes,
        long bodyPauseMillis,
        long linePauseMillis,
        long answerPauseMillis) {}
