package io.cospace.training.data;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.ImagePreprocessor;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.image.Preprocessing;
import java.io.IOException;

/** Images as a tower reads them, unchanged, by the code that serves. Thread-safe. */
public final class PictureReader {
    private final ImageDecoder decoder;
    private final ImagePreprocessor preprocessor;

    public PictureReader(Preprocessing preprocessing) {
        decoder = new ImageDecoder(ImageLimits.defaults(), preprocessing.background());
        preprocessor = new ImagePreprocessor(preprocessing);
    }

    /**
     * An image's pixels [3, crop, crop].
     *
     * @throws ImageException if it cannot be decoded
     * @throws IOException if it cannot be read
     */
    public Pixels read(PairIndex.Sample sample) throws IOException {
        return decoder.decode(sample.image().read(), preprocessor::apply);
    }
}
