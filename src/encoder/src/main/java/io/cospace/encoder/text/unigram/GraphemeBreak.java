package io.cospace.encoder.text.unigram;

/**
 * The classes by which Unicode (UAX 29, version 16, as the library has it) says where grapheme
 * clusters end.
 */
enum GraphemeBreak {
    OTHER,
    CR,
    LF,
    CONTROL,
    EXTEND,
    ZWJ,
    REGIONAL_INDICATOR,
    PREPEND,
    SPACING_MARK,
    HANGUL_L,
    HANGUL_V,
    HANGUL_T,
    HANGUL_LV,
    HANGUL_LVT,
    PICTOGRAPHIC;

    private static final int FIRST_MARK = 0x300;
    private static final int FIRST_SYLLABLE = 0xAC00;
    private static final int LAST_SYLLABLE = 0xD7A3;

    /** How many syllables share the same L and V. */
    private static final int T_COUNT = 28;

    /** Pairs of first and last. */
    private static final int[] PREPENDED = {
        0x600, 0x605, 0x6DD, 0x6DD, 0x70F, 0x70F, 0x890, 0x891, 0x8E2, 0x8E2, 0xD4E, 0xD4E, 0x110BD,
        0x110BD, 0x110CD, 0x110CD, 0x111C2, 0x111C3, 0x113D1, 0x113D1, 0x1193F, 0x1193F, 0x11941,
        0x11941, 0x11A3A, 0x11A3A, 0x11A84, 0x11A89, 0x11D46, 0x11D46, 0x11F02, 0x11F02,
    };

    /** Spacing combining marks that extend all the same (Other_Grapheme_Extend), and others. */
    private static final int[] EXTENDING = {
        0x9BE, 0x9BE, 0x9D7, 0x9D7, 0xB3E, 0xB3E, 0xB57, 0xB57, 0xBBE, 0xBBE, 0xBD7, 0xBD7, 0xCC0,
        0xCC0, 0xCC2, 0xCC2, 0xCC7, 0xCC8, 0xCCA, 0xCCB, 0xCD5, 0xCD6, 0xD3E, 0xD3E, 0xD57, 0xD57,
        0xDCF, 0xDCF, 0xDDF, 0xDDF, 0x1715, 0x1715, 0x1734, 0x1734, 0x1B35, 0x1B35, 0x1B3B, 0x1B3B,
        0x1B3D, 0x1B3D, 0x1B43, 0x1B44, 0x1BAA, 0x1BAA, 0x1BF2, 0x1BF3, 0x200C, 0x200C, 0x302E,
        0x302F, 0xA953, 0xA953, 0xA9C0, 0xA9C0, 0xFF9E, 0xFF9F, 0x111C0, 0x111C0, 0x11235, 0x11235,
        0x1133E, 0x1133E, 0x1134D, 0x1134D, 0x11357, 0x11357, 0x113B8, 0x113B8, 0x113C2, 0x113C2,
        0x113C5, 0x113C5, 0x113C7, 0x113C9, 0x113CF, 0x113CF, 0x114B0, 0x114B0, 0x114BD, 0x114BD,
        0x115AF, 0x115AF, 0x116B6, 0x116B6, 0x11930, 0x11930, 0x1193D, 0x1193D, 0x11F41, 0x11F41,
        0x16FF0, 0x16FF1, 0x1D165, 0x1D166, 0x1D16D, 0x1D172, 0x1F3FB, 0x1F3FF, 0xE0020, 0xE007F,
    };

    /** Spacing combining marks that break nevertheless. */
    private static final int[] NOT_SPACING = {
        0x102B, 0x102C, 0x1038, 0x1038, 0x1062, 0x1064, 0x1067, 0x106D, 0x1083, 0x1083, 0x1087,
        0x108C, 0x108F, 0x108F, 0x109A, 0x109C, 0x1A61, 0x1A61, 0x1A63, 0x1A64, 0xAA7B, 0xAA7B,
        0xAA7D, 0xAA7D, 0x11720, 0x11721,
    };

    /** Unassigned, but already known to be invisible. */
    private static final int[] IGNORABLE = {
        0x2065, 0x2065, 0xFFF0, 0xFFF8, 0xE0000, 0xE0FFF,
    };

    /** Whether two of such classes next to each other are always two clusters. */
    boolean isAlone() {
        return switch (this) {
            case OTHER, CONTROL, PICTOGRAPHIC, HANGUL_LV, HANGUL_LVT -> true;
            case CR,
                    LF,
                    EXTEND,
                    ZWJ,
                    REGIONAL_INDICATOR,
                    PREPEND,
                    SPACING_MARK,
                    HANGUL_L,
                    HANGUL_V,
                    HANGUL_T ->
                    false;
        };
    }

    static GraphemeBreak of(int codePoint) {
        if (codePoint < FIRST_MARK) {
            return latin(codePoint);
        }
        if (codePoint >= FIRST_SYLLABLE && codePoint <= LAST_SYLLABLE) {
            return (codePoint - FIRST_SYLLABLE) % T_COUNT == 0 ? HANGUL_LV : HANGUL_LVT;
        }
        if (codePoint == 0x200D) {
            return ZWJ;
        }
        if (isIn(EXTENDING, codePoint)) {
            return EXTEND;
        }
        if (isIn(PREPENDED, codePoint)) {
            return PREPEND;
        }
        return byCategory(codePoint);
    }

    private static GraphemeBreak latin(int codePoint) {
        return switch (codePoint) {
            case '\r' -> CR;
            case '\n' -> LF;
            case 0xA9, 0xAE -> PICTOGRAPHIC;
            default -> Character.isISOControl(codePoint) || codePoint == 0xAD ? CONTROL : OTHER;
        };
    }

    private static GraphemeBreak byCategory(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> EXTEND;
            case Character.COMBINING_SPACING_MARK ->
                    isIn(NOT_SPACING, codePoint) ? OTHER : SPACING_MARK;
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    CONTROL;
            case Character.UNASSIGNED -> unassigned(codePoint);
            case Character.OTHER_LETTER -> letter(codePoint);
            case Character.OTHER_SYMBOL, Character.MODIFIER_SYMBOL -> symbol(codePoint);
            default -> Character.isExtendedPictographic(codePoint) ? PICTOGRAPHIC : OTHER;
        };
    }

    private static GraphemeBreak unassigned(int codePoint) {
        if (isIn(IGNORABLE, codePoint)) {
            return CONTROL;
        }
        return Character.isExtendedPictographic(codePoint) ? PICTOGRAPHIC : OTHER;
    }

    private static GraphemeBreak symbol(int codePoint) {
        if (codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF) {
            return REGIONAL_INDICATOR;
        }
        return Character.isExtendedPictographic(codePoint) ? PICTOGRAPHIC : OTHER;
    }

    private static GraphemeBreak letter(int codePoint) {
        if (codePoint >= 0x1100 && codePoint <= 0x11FF) {
            return codePoint < 0x1160 ? HANGUL_L : codePoint < 0x11A8 ? HANGUL_V : HANGUL_T;
        }
        if (codePoint >= 0xA960 && codePoint <= 0xA97C) {
            return HANGUL_L;
        }
        if (codePoint >= 0xD7B0 && codePoint <= 0xD7FB) {
            return codePoint <= 0xD7C6 ? HANGUL_V : HANGUL_T;
        }
        if (codePoint == 0x16D63 || (codePoint >= 0x16D67 && codePoint <= 0x16D6A)) {
            return HANGUL_V;
        }
        return codePoint == 0xE33 || codePoint == 0xEB3 ? SPACING_MARK : OTHER;
    }

    private static boolean isIn(int[] ranges, int codePoint) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (codePoint >= ranges[i] && codePoint <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
