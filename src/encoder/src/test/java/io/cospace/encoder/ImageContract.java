package io.cospace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.onnx.Width;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for every image encoder. */
abstract class ImageContract extends EncoderContract<Pixels> {

    private Encoder encoder;
    private List<Pixels> inputs;

    abstract Encoder open();

    @BeforeAll
    void openEncoder() {
        encoder = open();
        Random random = new Random(5);
        inputs = IntStream.range(0, 9).mapToObj(i -> picture(random)).toList();
    }

    @AfterAll
    void closeEncoder() {
        encoder.close();
    }

    @Override
    List<Pixels> inputs() {
        return inputs;
    }

    @Override
    List<float[]> embed(List<Pixels> batch, Width width) {
        return encoder.image().embed(batch, width);
    }

    @Override
    int dimensions() {
        return encoder.bundle().manifest().dimensions();
    }

    @Test
    void a_picture_that_gives_no_finite_vector_fails_its_batch_by_its_place() {
        Pixels broken = pixels(Float.NaN);

        assertThatThrownBy(() -> embed(List.of(inputs.get(0), inputs.get(1), broken), Width.NARROW))
                .isInstanceOf(InferenceException.class)
                .hasMessageEndingWith("gave no finite vector for item 2 of a batch of 3");
    }

    @Test
    void pixels_of_another_size_are_refused() {
        Pixels other = new Pixels(2, 3, FloatBuffer.allocate(18));

        assertThatThrownBy(() -> embed(List.of(other), Width.NARROW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pixels are 2 x 3; must be %d x %d", side(), side());
    }

    @Test
    void pixels_held_as_bytes_have_the_vectors_of_their_floats() {
        Random random = new Random(3);
        byte[] levels = new byte[Pixels.CHANNELS * side() * side()];
        random.nextBytes(levels);
        float[] table = new float[Pixels.CHANNELS * Pixels.LEVELS];
        for (int i = 0; i < table.length; i++) {
            table[i] = (i % Pixels.LEVELS - 127) / 128f;
        }
        Pixels held = Pixels.ofLevels(side(), side(), levels, table);
        Pixels floats = new Pixels(side(), side(), held.values());
        Pixels other = picture(random);

        List<float[]> ofBytes = embed(List.of(other, held, held), Width.NARROW);
        List<float[]> ofFloats = embed(List.of(other, floats, floats), Width.NARROW);

        for (int i = 0; i < ofFloats.size(); i++) {
            assertThat(ofBytes.get(i)).isEqualTo(ofFloats.get(i));
        }
    }

    /** A smooth colour field with some noise, so that pictures differ as pictures do. */
    private Pixels picture(Random random) {
        Pixels pixels = pixels(0);
        float[] values = new float[pixels.values().limit()];
        double[] wave = random.doubles(9, -4, 4).toArray();
        for (int i = 0; i < values.length; i++) {
            int channel = i / (side() * side());
            double x = (double) (i % side()) / side();
            double y = (double) (i / side() % side()) / side();
            values[i] =
                    (float)
                            (Math.sin(wave[channel] + wave[3 + channel] * x + wave[6 + channel] * y)
                                    + 0.1 * random.nextGaussian());
        }
        return new Pixels(side(), side(), FloatBuffer.wrap(values));
    }

    private Pixels pixels(float value) {
        float[] values = new float[Pixels.CHANNELS * side() * side()];
        Arrays.fill(values, value);
        return new Pixels(side(), side(), FloatBuffer.wrap(values));
    }

    private int side() {
        return encoder.bundle().manifest().image().preprocessing().crop();
    }
}
