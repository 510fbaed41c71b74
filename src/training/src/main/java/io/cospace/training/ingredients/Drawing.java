package io.cospace.training.ingredients;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.RgbImage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** A drawing as the pairs have it: what is drawn, in the middle of a white square, as JPEG. */
final class Drawing {
    /** A pixel belongs to the drawing when one of its channels is this far from white. */
    private static final int INK = 8;

    private static final ImageDecoder PICTURES =
            new ImageDecoder(ImageLimits.defaults(), List.of(0xff, 0xff, 0xff));

    private static final float QUALITY = .9f;

    private Drawing() {}

    /**
     * A vector drawing.
     *
     * @param svg a document
     * @param side of the square
     * @param longest side of the document's box in it; its own margins stay
     * @return the JPEG file
     */
    static byte[] icon(String svg, int side, int longest) throws IOException {
        SVGDocument document =
                new SVGLoader()
                        .load(
                                new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)),
                                null,
                                LoaderContext.createDefault());
        if (document == null) {
            throw new IOException("is no SVG");
        }
        BufferedImage image = white(side);
        Graphics2D graphics = graphics(image);
        float margin = (side - longest) / 2f;
        document.render(null, graphics, new ViewBox(margin, margin, longest, longest));
        graphics.dispose();
        return jpeg(image);
    }

    /** A picture of a file, cut to what is drawn and scaled by the means over areas. */
    static byte[] picture(Path file, int side, int longest) throws IOException {
        BufferedImage whole = PICTURES.decode(Files.readAllBytes(file), Drawing::image);
        Rectangle ink = ink(whole);
        double scale = (double) longest / Math.max(ink.width, ink.height);
        int width = Math.max(1, (int) Math.round(ink.width * scale));
        int height = Math.max(1, (int) Math.round(ink.height * scale));
        BufferedImage cut = whole.getSubimage(ink.x, ink.y, ink.width, ink.height);
        BufferedImage square = white(side);
        Graphics2D graphics = graphics(square);
        int left = (side - width) / 2;
        int top = (side - height) / 2;
        if (scale < 1) {
            Image scaled = cut.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
            graphics.drawImage(scaled, left, top, null);
        } else {
            graphics.drawImage(cut, left, top, width, height, null);
        }
        graphics.dispose();
        return jpeg(square);
    }

    private static BufferedImage image(RgbImage read) {
        byte[] rgb = read.rgb();
        BufferedImage image =
                new BufferedImage(read.width(), read.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < read.height(); y++) {
            for (int x = 0; x < read.width(); x++) {
                int at = 3 * (y * read.width() + x);
                int red = rgb[at] & 0xff;
                int green = rgb[at + 1] & 0xff;
                int blue = rgb[at + 2] & 0xff;
                image.setRGB(x, y, (red << 16) | (green << 8) | blue);
            }
        }
        return image;
    }

    private static BufferedImage white(int side) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, side, side);
        graphics.dispose();
        return image;
    }

    private static Graphics2D graphics(BufferedImage image) {
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        return graphics;
    }

    /** The smallest rectangle around everything that is not white; the whole when all is white. */
    static Rectangle ink(BufferedImage image) {
        int left = image.getWidth();
        int top = image.getHeight();
        int right = -1;
        int bottom = -1;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (inked(image.getRGB(x, y))) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = Math.min(top, y);
                    bottom = y;
                }
            }
        }
        return right < 0
                ? new Rectangle(image.getWidth(), image.getHeight())
                : new Rectangle(left, top, right - left + 1, bottom - top + 1);
    }

    private static boolean inked(int rgb) {
        int least = Math.min(Math.min((rgb >> 16) & 0xff, (rgb >> 8) & 0xff), rgb & 0xff);
        return least <= 0xff - INK;
    }

    private static byte[] jpeg(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
