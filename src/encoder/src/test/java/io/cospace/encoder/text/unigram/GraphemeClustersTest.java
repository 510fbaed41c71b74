package io.cospace.encoder.text.unigram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Clusters end where the JDK's regular expressions let them end, but for two: it takes unassigned
 * code points for controls, and joins pictographs across spacing marks. What the library does there
 * {@code SameAsLibraryTest} says.
 */
class GraphemeClustersTest {

    private static final Pattern CLUSTER = Pattern.compile("\\X");

    @Test
    void every_code_point_of_the_basic_plane_beside_others() {
        for (int codePoint = 0; codePoint < Character.MIN_SUPPLEMENTARY_CODE_POINT; codePoint++) {
            int type = Character.getType(codePoint);
            if (type == Character.SURROGATE || type == Character.UNASSIGNED) {
                continue;
            }
            String one = Character.toString(codePoint);
            check("a" + one + one + " \u00A9\u0301\u200D\u00A9" + one);
            check("\u0915\u094D" + one + "\u1100" + one + "\u1161" + one + "\uD83C\uDDE9");
        }
    }

    @Test
    void random_texts() {
        int[] joining =
                IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                        .filter(Character::isDefined)
                        .filter(c -> Character.getType(c) != Character.SURROGATE)
                        .filter(c -> GraphemeBreak.of(c) != GraphemeBreak.OTHER)
                        .toArray();
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 0; n < 8; n++) {
                text.appendCodePoint(joining[random.nextInt(joining.length)]);
            }
            check(text.toString());
        }
    }

    private static void check(String text) {
        List<String> clusters = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = GraphemeClusters.end(text, at, text.length());
            clusters.add(text.substring(at, end));
            at = end;
        }
        assertThat(clusters)
                .as("%s", (Object) text.chars().mapToObj(Integer::toHexString).toList())
                .isEqualTo(CLUSTER.matcher(text).results().map(found -> found.group()).toList());
    }
}
