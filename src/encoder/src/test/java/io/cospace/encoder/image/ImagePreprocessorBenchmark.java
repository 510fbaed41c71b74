package io.cospace.encoder.image;

import io.cospace.encoder.image.Preprocessing.Interpolation;
import io.cospace.encoder.image.Preprocessing.Resize;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decoding and resizing of a photograph-like JPEG (quality 90, 4:2:0) to 224 x 224, and putting the
 * result into a batch, one thread.
 *
 * <p>{@code src/evaluate/jmh encoder ImagePreprocessorBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ImagePreprocessorBenchmark {
    @Param({"640x480", "4000x3000"})
    private String size = "";

    private byte[] jpeg = {};
    private RgbImage image = new RgbImage(1, 1, new byte[3]);
    private Pixels prepared = new Pixels(1, 1, FloatBuffer.allocate(3));
    private final FloatBuffer batch =
            ByteBuffer.allocateDirect(Float.BYTES * 3 * 224 * 224)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
    private final ImageDecoder decoder =
            new ImageDecoder(ImageLimits.defaults(), List.of(255, 255, 255));
    private final ImagePreprocessor preprocessor =
            new ImagePreprocessor(
                    new Preprocessing(
                            224,
                            Resize.SQUASH,
                            224,
                            Interpolation.BICUBIC,
                            1,
                            List.of(127.0, 127.0, 127.0),
                            List.of(128.0, 128.0, 128.0),
                            List.of(255, 255, 255)));

    @Setup
    public void makePhotograph() throws IOException {
        int width = Integer.parseInt(size.substring(0, size.indexOf('x')));
        int height = Integer.parseInt(size.substring(size.indexOf('x') + 1));
        jpeg = encoded(photograph(width, height));
        image = decoder.decode(jpeg);
        prepared = preprocessor.apply(image);
    }

    @Benchmark
    public RgbImage decode() {
        return decoder.decode(jpeg);
    }

    @Benchmark
    public Pixels resize() {
        return preprocessor.apply(image);
    }

    /** What the dispatcher does with each image of a batch. */
    @Benchmark
    public FloatBuffer gather() {
        prepared.copyTo(batch.clear());
        return batch;
    }

    @Benchmark
    public Pixels decodeAndResize() {
        return preprocessor.apply(decoder.decode(jpeg));
    }

    /** Shades, a few hundred shapes and sensor noise. */
    private static BufferedImage photograph(int width, int height) {
        Random random = new Random(1);
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = picture.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, Color.ORANGE, width, height, Color.BLUE));
        graphics.fillRect(0, 0, width, height);
        for (int i = 0; i < 300; i++) {
            graphics.setColor(
                    new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256), 120));
            graphics.fillOval(
                    random.nextInt(width),
                    random.nextInt(height),
                    random.nextInt(width / 5),
                    random.nextInt(height / 5));
        }
        graphics.dispose();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int noise = (int) (3 * random.nextGaussian());
                Color color = new Color(picture.getRGB(x, y));
                picture.setRGB(
                        x,
                        y,
                        new Color(
                                        Math.clamp(color.getRed() + noise, 0, 255),
                                        Math.clamp(color.getGreen() + noise, 0, 255),
                                        Math.clamp(color.getBlue() + noise, 0, 255))
                                .getRGB());
            }
        }
        return picture;
    }

    private static byte[] encoded(BufferedImage picture) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam quality = writer.getDefaultWriteParam();
        quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        quality.setCompressionQuality(0.9f);
        writer.setOutput(ImageIO.createImageOutputStream(out));
        writer.write(null, new IIOImage(picture, null, null), quality);
        writer.dispose();
        return out.toByteArray();
    }
}
