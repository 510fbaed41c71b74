package io.cospace.encoder;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.onnx.Width;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * The image tower: an image to a unit vector of {@code D} dimensions. Safe for use by many threads
 * at once.
 */
public interface ImageEncoder {

    /**
     * Decodes an image file behind the limits and preprocesses it as the bundle says.
     *
     * @throws ImageException when the image is unreadable, too large or of an unsupported kind
     */
    default Pixels prepare(byte[] image) {
        return prepare(image, new CompletableFuture<>());
    }

    /**
     * As {@link #prepare(byte[])}, for a caller that may lose interest: where images of other
     * callers hold all the memory that decoding may take, this one waits no longer than it is
     * wanted.
     *
     * @param unwanted completed, in whatever way, when nobody waits for the image any more
     * @throws CancellationException when {@code unwanted} ended the wait
     */
    Pixels prepare(byte[] image, CompletableFuture<?> unwanted);

    /**
     * One unit vector [D] for each image, in the order given.
     *
     * @throws InferenceException when the run fails or a row is not finite; then the batch has no
     *     valid row
     */
    List<float[]> embed(List<Pixels> batch, Width width);
}
