package io.cospace.training.align;

import java.util.Map;

/**
 * What a step said.
 *
 * @param stage its name
 * @param step from 0
 * @param steps of the stage
 * @param rate share of the highest learning rate
 * @param loss of the whole batch, all processes' rows
 * @param parts of the loss before their weights, by {@link Term#name}
 * @param gradientLength before clipping
 * @param scale factor on cosines after the step
 * @param rows of the whole batch
 */
public record StepReport(
        String stage,
        long step,
        long steps,
        double rate,
        double loss,
        Map<String, Double> parts,
        double gradientLength,
        double scale,
        long rows) {}
