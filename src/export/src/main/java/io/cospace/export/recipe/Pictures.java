package io.cospace.export.recipe;

import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.ImagePreprocessor;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.ImageModel;
import io.cospace.encoder.onnx.SessionSettings;
import io.cospace.encoder.onnx.Width;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** An image graph over one list of pictures, prepared by the classes that serve. */
final class Pictures implements VectorCache.Network {
    private final List<byte[]> images;
    private final IdentityHashMap<byte[], Integer> numbers = new IdentityHashMap<>();
    private final IntFunction<UnaryOperator<Pixels>> change;
    private final ImageDecoder decoder;
    private final ImagePreprocessor preprocessor;
    private final ImageModel model;
    private final Bulk bulk;
    private final Consumer<String> progress;

    /**
     * Opens the graph.
     *
     * @param length values of each vector
     * @param images files' bytes
     * @param change of the prepared pixels, by the picture's number in the list
     */
    Pictures(
            Path graph,
            int length,
            Preprocessing preprocessing,
            List<byte[]> images,
            IntFunction<UnaryOperator<Pixels>> change,
            Bulk bulk,
            Consumer<String> progress) {
        this.images = images;
        this.change = change;
        this.bulk = bulk;
        this.progress = progress;
        for (int i = 0; i < images.size(); i++) {
            numbers.put(images.get(i), i);
        }
        decoder = new ImageDecoder(ImageLimits.defaults(), preprocessing.background());
        preprocessor = new ImagePreprocessor(preprocessing);
        model =
                ImageModel.open(
                        graph,
                        preprocessing.crop(),
                        length,
                        new SessionSettings(new Device.Cpu(), 1));
    }

    @Override
    public List<float[]> vectors(int from, int to) {
        return bulk.images(
                images.subList(from, to),
                this::prepare,
                batch -> model.embed(batch, Width.NARROW),
                done ->
                        progress.accept(
                                "pictures: %d of %d".formatted(from + done, images.size())));
    }

    private Pixels prepare(byte[] image) {
        int number = numbers.getOrDefault(image, 0);
        return change.apply(number).apply(preprocessor.apply(decoder.decode(image)));
    }

    @Override
    public void close() {
        model.close();
    }
}
