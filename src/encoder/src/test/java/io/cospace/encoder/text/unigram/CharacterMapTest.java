package io.cospace.encoder.text.unigram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CharacterMapTest {

    @Test
    void refuses_what_is_no_map() {
        assertThatThrownBy(() -> CharacterMap.of(new byte[3]))
                .hasMessage("character map has 3 bytes");
        assertThatThrownBy(() -> CharacterMap.of(map(400, new int[2], new byte[1])))
                .hasMessage("character map's trie has 400 bytes");
        assertThatThrownBy(() -> CharacterMap.of(map(6, new int[2], new byte[1])))
                .hasMessage("character map's trie has 6 bytes");
        assertThatThrownBy(() -> CharacterMap.of(map(8, new int[2], new byte[] {(byte) 0x80})))
                .hasMessage("character map's replacements are no UTF-8");
    }

    /** Whatever stands in it, nothing outside it is read. */
    @Test
    void random_maps_end() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            int[] units = random.ints(1 + random.nextInt(300)).toArray();
            for (int u = 0; u < units.length; u++) {
                units[u] &= random.nextInt(3) == 0 ? -1 : 0xFFFF;
            }
            CharacterMap map = CharacterMap.of(map(4 * units.length, units, new byte[] {'x', 0}));
            String text = Character.toString(random.nextInt(0xD800)) + "b";
            assertThatCode(
                            () -> {
                                int found = map.find(text, 0, text.length());
                                if (found != CharacterMap.NONE) {
                                    assertThat(map.append(found, new NormalText(4)))
                                            .isBetween(0, 1);
                                }
                            })
                    .doesNotThrowAnyException();
        }
    }

    private static byte[] map(int size, int[] units, byte[] replacements) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 + 4 * units.length + replacements.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(size);
        for (int unit : units) {
            bytes.putInt(unit);
        }
        return bytes.put(replacements).array();
    }
}
