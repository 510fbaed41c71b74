package io.cospace.service.embedding;

/** Places in a string, counted in Unicode code points. */
public final class CodePoints {

    private CodePoints() {}

    /**
     * How many code points stand before each UTF-16 index of {@code text}, the end included; a
     * surrogate without its other half counts as one.
     */
    public static int[] before(String text) {
        int[] before = new int[text.length() + 1];
        for (int i = 0; i < text.length(); i++) {
            boolean secondHalf =
                    Character.isLowSurrogate(text.charAt(i))
                            && i > 0
                            && Character.isHighSurrogate(text.charAt(i - 1));
            before[i + 1] = before[i] + (secondHalf ? 0 : 1);
        }
        return before;
    }
}
