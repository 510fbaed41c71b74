package io.cospace.service.embedding;

/**
 * Where an item stands in its call.
 *
 * @param list field of the request that holds it: {@code inputs}, {@code a} or {@code b}
 * @param index position in that list, from 0
 */
public record Place(String list, int index) {

    /** JSON pointer (RFC 6901) of the item. */
    public String pointer() {
        return "/" + list + "/" + index;
    }
}
