package io.cospace.evaluate.chart;

/** Texts inside markup. */
final class Markup {
    private Markup() {}

    /** A text as it is to be read. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
