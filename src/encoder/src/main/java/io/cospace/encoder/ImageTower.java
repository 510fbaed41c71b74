package io.cospace.encoder;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.ModelBundle;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.ImagePreprocessor;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.onnx.ImageModel;
import io.cospace.encoder.onnx.SessionSettings;
import io.cospace.encoder.onnx.Width;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The image tower of an open bundle. */
final class ImageTower implements ImageEncoder, AutoCloseable {

    private final Gate gate = new Gate();
    private final ImageDecoder decoder;
    private final ImagePreprocessor preprocessor;
    private final ImageModel model;

    private ImageTower(ImageDecoder decoder, ImagePreprocessor preprocessor, ImageModel model) {
        this.decoder = decoder;
        this.preprocessor = preprocessor;
        this.model = model;
    }

    /** Loads the graph. */
    static ImageTower open(
            ModelBundle bundle, String precision, SessionSettings settings, ImageLimits limits) {
        Manifest manifest = bundle.manifest();
        Preprocessing preprocessing = manifest.image().preprocessing();
        String file = manifest.precisions().image().graph(precision).file();
        return new ImageTower(
                new ImageDecoder(limits, preprocessing.background()),
                new ImagePreprocessor(preprocessing),
                ImageModel.open(
                        bundle.file(file), preprocessing.crop(), manifest.dimensions(), settings));
    }

    @Override
    public Pixels prepare(byte[] image, CompletableFuture<?> unwanted) {
        return decoder.decode(image, preprocessor::apply, unwanted);
    }

    @Override
    public List<float[]> embed(List<Pixels> batch, Width width) {
        return gate.pass(() -> model.embed(batch, width));
    }

    @Override
    public void close() {
        gate.close(model::close);
    }
}
