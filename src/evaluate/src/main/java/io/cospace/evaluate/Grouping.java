package io.cospace.evaluate;

import io.cospace.evaluate.data.Pair;

/**
 * Parts of a data set that are scored each for itself.
 *
 * <p>Pictures of emoji come in several designs by several sources that share their names, so a pair
 * with the metadata field {@code emoji} is in group {@value #EMOJI} whatever its source.
 *
 * @param field the metadata field that names the group
 */
public record Grouping(String field) {
    /** The group of every pair without the field. */
    public static final String ALL = "all";

    private static final String EMOJI = "emoji";

    /** By the field {@code source}. */
    public static final Grouping BY_SOURCE = new Grouping("source");

    String of(Pair pair) {
        return pair.text(EMOJI).isPresent() ? EMOJI : pair.text(field).orElse(ALL);
    }
}
