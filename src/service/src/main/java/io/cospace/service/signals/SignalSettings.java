package io.cospace.service.signals;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is told of calls.
 *
 * @param accessLog whether each call is a line of the access log
 * @param accessLogFile where it is appended; empty: to standard output
 * @param traces whether the stages of calls are spans of traces
 */
public record SignalSettings(boolean accessLog, Optional<Path> accessLogFile, boolean traces) {}
