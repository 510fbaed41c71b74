package io.cospace.evaluate.chart;

import static java.lang.String.format;
import static java.util.Locale.ROOT;

/** Texts and numbers inside markup. */
final class Markup {
    private Markup() {}

    /** A text as it is to be read. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Three digits, or all before the point; a dash for what was not measured. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        double size = Math.abs(value);
        return format(ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
