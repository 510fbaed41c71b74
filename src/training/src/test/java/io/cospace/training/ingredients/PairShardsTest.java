package io.cospace.training.ingredients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.RgbImage;
import io.cospace.evaluate.data.Pair;
import io.cospace.evaluate.data.PairReader;
import io.cospace.evaluate.data.SkippedSamples;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairShardsTest {
    private static final String ICON =
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
              <rect x="8" y="8" width="16" height="16" fill="#ff0000"/></svg>
            """;

    @TempDir Path folder;

    @Test
    void an_icon_keeps_the_margins_of_its_box() throws IOException {
        RgbImage image = decode(Drawing.icon(ICON, 192, 176));

        assertThat(image.width()).isEqualTo(192);
        assertColour(image, 96, 96, 255, 0, 0);
        assertColour(image, 60, 96, 255, 0, 0);
        assertColour(image, 44, 96, 255, 255, 255);
    }

    @Test
    void a_picture_is_cut_to_what_is_drawn_and_put_in_the_middle() throws IOException {
        BufferedImage wide = new BufferedImage(400, 300, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = wide.createGraphics();
        graphics.setColor(Color.BLUE);
        graphics.fillRect(300, 20, 100, 50);
        graphics.dispose();
        Path file = folder.resolve("wide.png");
        ImageIO.write(wide, "png", file.toFile());

        RgbImage image = decode(Drawing.picture(file, 224, 208));

        assertColour(image, 112, 112, 0, 0, 255);
        assertColour(image, 16, 112, 0, 0, 255);
        assertColour(image, 112, 52, 255, 255, 255);
        assertColour(image, 112, 68, 0, 0, 255);
    }

    @Test
    void a_tar_file_is_read_as_pairs() throws IOException {
        Path tar = folder.resolve("a.tar");
        try (TarFile file = new TarFile(Files.newOutputStream(tar))) {
            file.add("000001.jpg", Drawing.icon(ICON, 192, 176));
            file.add("000001.json", "{\"caption\": \"a red square\"}".getBytes(UTF_8));
        }
        SkippedSamples skipped = new SkippedSamples();
        try (PairReader reader = PairReader.open(tar, skipped)) {
            Pair pair = reader.next();
            assertThat(pair.key()).isEqualTo("000001");
            assertThat(pair.captions().getFirst().text()).isEqualTo("a red square");
            assertThat(reader.hasNext()).isFalse();
        }
        assertThat(skipped.listed()).isEmpty();
    }

    @Test
    void no_emoji_of_the_test_pairs_is_trained_with() throws IOException {
        Set<String> emoji = new HashSet<>(PairShards.emoji(new ObjectMapper()));
        assertThat(emoji).hasSize(1705);
        Path shard = Path.of("../../models/pairs/test-0000.tar");
        try (PairReader reader = PairReader.open(shard, new SkippedSamples())) {
            while (reader.hasNext()) {
                reader.next()
                        .text("emoji")
                        .ifPresent(code -> assertThat(emoji).doesNotContain(code));
            }
        }
    }

    private static RgbImage decode(byte[] jpeg) {
        return new ImageDecoder(ImageLimits.defaults(), null).decode(jpeg);
    }

    private static void assertColour(RgbImage image, int x, int y, int... rgb) {
        for (int i = 0; i < 3; i++) {
            int value = image.rgb()[3 * (y * image.width() + x) + i] & 0xff;
            assertThat(value).as("channel %d at %d, %d", i, x, y).isCloseTo(rgb[i], within(12));
        }
    }
}
