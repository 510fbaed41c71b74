package io.cospace.encoder.text.unigram;

/**
 * Where grapheme clusters (what a reader takes for one character) end: rules GB3 to GB13 of UAX 29.
 */
final class GraphemeClusters {

    /**
     * Consonants that a linker joins to the next (Indic_Conjunct_Break), pairs of first and last.
     */
    private static final char[] CONSONANTS = {
        0x915, 0x939, 0x958, 0x95F, 0x978, 0x97F, 0x995, 0x9A8, 0x9AA, 0x9B0, 0x9B2, 0x9B2, 0x9B6,
        0x9B9, 0x9DC, 0x9DD, 0x9DF, 0x9DF, 0x9F0, 0x9F1, 0xA95, 0xAA8, 0xAAA, 0xAB0, 0xAB2, 0xAB3,
        0xAB5, 0xAB9, 0xAF9, 0xAF9, 0xB15, 0xB28, 0xB2A, 0xB30, 0xB32, 0xB33, 0xB35, 0xB39, 0xB5C,
        0xB5D, 0xB5F, 0xB5F, 0xB71, 0xB71, 0xC15, 0xC28, 0xC2A, 0xC39, 0xC58, 0xC5A, 0xD15, 0xD3A,
    };

    private GraphemeClusters() {}

    /** The index behind the cluster that starts at {@code from}, at most {@code to}. */
    static int end(CharSequence text, int from, int to) {
        int codePoint = Character.codePointAt(text, from);
        int at = from + Character.charCount(codePoint);
        GraphemeBreak before = GraphemeBreak.of(codePoint);
        boolean pictograph = before == GraphemeBreak.PICTOGRAPHIC;
        boolean consonant = isConsonant(codePoint);
        boolean linked = false;
        boolean oddIndicator = before == GraphemeBreak.REGIONAL_INDICATOR;
        while (at < to) {
            int next = Character.codePointAt(text, at);
            GraphemeBreak after = GraphemeBreak.of(next);
            boolean joins =
                    joins(before, after)
                            || (pictograph
                                    && before == GraphemeBreak.ZWJ
                                    && after == GraphemeBreak.PICTOGRAPHIC)
                            || (consonant && linked && isConsonant(next))
                            || (oddIndicator && after == GraphemeBreak.REGIONAL_INDICATOR);
            if (!joins) {
                return at;
            }
            pictograph =
                    after == GraphemeBreak.PICTOGRAPHIC
                            || (pictograph
                                    && before != GraphemeBreak.ZWJ
                                    && (after == GraphemeBreak.EXTEND
                                            || after == GraphemeBreak.ZWJ));
            if (isConsonant(next)) {
                consonant = true;
                linked = false;
            } else {
                consonant = consonant && extendsConjunct(next, after);
                linked = consonant && (linked || isLinker(next));
            }
            oddIndicator = !oddIndicator && after == GraphemeBreak.REGIONAL_INDICATOR;
            before = after;
            at += Character.charCount(next);
        }
        return to;
    }

    /** The rules that two neighbours decide. */
    private static boolean joins(GraphemeBreak before, GraphemeBreak after) {
        return switch (before) {
            case CR -> after == GraphemeBreak.LF;
            case LF, CONTROL -> false;
            default ->
                    switch (after) {
                        case CR, LF, CONTROL -> false;
                        case EXTEND, ZWJ, SPACING_MARK -> true;
                        case HANGUL_L, HANGUL_LV, HANGUL_LVT ->
                                before == GraphemeBreak.HANGUL_L || before == GraphemeBreak.PREPEND;
                        case HANGUL_V ->
                                before == GraphemeBreak.HANGUL_L
                                        || before == GraphemeBreak.HANGUL_LV
                                        || before == GraphemeBreak.HANGUL_V
                                        || before == GraphemeBreak.PREPEND;
                        case HANGUL_T ->
                                before == GraphemeBreak.HANGUL_LV
                                        || before == GraphemeBreak.HANGUL_V
                                        || before == GraphemeBreak.HANGUL_LVT
                                        || before == GraphemeBreak.HANGUL_T
                                        || before == GraphemeBreak.PREPEND;
                        case OTHER, PREPEND, REGIONAL_INDICATOR, PICTOGRAPHIC ->
                                before == GraphemeBreak.PREPEND;
                    };
        };
    }

    private static boolean extendsConjunct(int codePoint, GraphemeBreak type) {
        return codePoint != 0x200C && (type == GraphemeBreak.EXTEND || type == GraphemeBreak.ZWJ);
    }

    private static boolean isLinker(int codePoint) {
        return switch (codePoint) {
            case 0x94D, 0x9CD, 0xACD, 0xB4D, 0xC4D, 0xD4D -> true;
            default -> false;
        };
    }

    private static boolean isConsonant(int codePoint) {
        if (codePoint < CONSONANTS[0] || codePoint > CONSONANTS[CONSONANTS.length - 1]) {
            return false;
        }
        for (int i = 0; i < CONSONANTS.length; i += 2) {
            if (codePoint >= CONSONANTS[i] && codePoint <= CONSONANTS[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
