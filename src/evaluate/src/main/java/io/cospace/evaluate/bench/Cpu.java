package io.cospace.evaluate.bench;

/**
 * CPU seconds that were used during a measurement; NaN where nobody could tell.
 *
 * @param server of the process that did the work, those that it started included
 * @param client of this process while it only sent requests; NaN for a bare loop
 * @param others of everything else on the machine: what makes a figure doubtful
 * @param stolen wanted by this machine but given to another by the hypervisor
 */
public record Cpu(double server, double client, double others, double stolen) {}
