package hoag.galaxy.report;

import java.util.Locale;

/** Text and numbers for a page. */
final class Html {
    private Html() {}

    static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Three decimals; a dash for NaN. */
    static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "\u2013";
    }

    /** Four decimals, as tables of Galaxy Zoo print them; a dash for NaN. */
    static String fine(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "\u2013";
    }

    /** Four digits, whatever the size. */
    static String digits(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4g", value) : "\u2013";
    }

    static String percent(double share) {
        return Double.isFinite(share) ? Math.round(100 * share) + "%" : "\u2013";
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code smooth-or-featured-gz2} as people read it: {@code smooth or featured}. */
    static String plain(String name) {
        return name.replaceFirst("-(gz2|dr\\d+|ukidss|jwst|euclid|cd|cosmic-dawn)$", "")
                .replace('-', ' ')
                .replace('_', ' ')
                .strip();
    }
}
