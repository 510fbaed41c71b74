package io.cospace.evaluate.metrics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which captions describe which images. An image may have several captions and a caption several
 * images (three drawings of one emoji share its name); everyone has at least one partner.
 */
public final class Relevance {
    private final int[][] captionsOfImage;
    private final int[][] imagesOfCaption;

    private Relevance(int[][] captionsOfImage, int[][] imagesOfCaption) {
        this.captionsOfImage = captionsOfImage;
        this.imagesOfCaption = imagesOfCaption;
    }

    /**
     * From the captions of each image.
     *
     * @param captionsOfImage by image, indices into the captions
     * @param captions how many captions there are
     * @throws IllegalArgumentException if an image has no caption, a caption no image, or an index
     *     is out of range
     */
    public static Relevance of(int[][] captionsOfImage, int captions) {
        int[] counts = new int[captions];
        int[][] sorted = new int[captionsOfImage.length][];
        for (int image = 0; image < captionsOfImage.length; image++) {
            sorted[image] = Arrays.stream(captionsOfImage[image]).sorted().distinct().toArray();
            if (sorted[image].length == 0) {
                throw new IllegalArgumentException("image " + image + " has no caption");
            }
            for (int caption : sorted[image]) {
                if (caption < 0 || caption >= captions) {
                    throw new IllegalArgumentException(
                            "image " + image + " has caption " + caption + " of " + captions);
                }
                counts[caption]++;
            }
        }
        return new Relevance(sorted, transpose(sorted, counts));
    }

    /** From the one image of each caption: {@code owners[caption]}. */
    public static Relevance ofOwners(int[] owners, int images) {
        int[][] captionsOfImage = new int[images][];
        for (int image = 0; image < images; image++) {
            int owner = image;
            captionsOfImage[image] =
                    IntStream.range(0, owners.length)
                            .filter(caption -> owners[caption] == owner)
                            .toArray();
        }
        return of(captionsOfImage, owners.length);
    }

    private static int[][] transpose(int[][] captionsOfImage, int[] counts) {
        int[][] imagesOfCaption = new int[counts.length][];
        for (int caption = 0; caption < counts.length; caption++) {
            if (counts[caption] == 0) {
                throw new IllegalArgumentException("caption " + caption + " has no image");
            }
            imagesOfCaption[caption] = new int[counts[caption]];
        }
        int[] filled = new int[counts.length];
        for (int image = 0; image < captionsOfImage.length; image++) {
            for (int caption : captionsOfImage[image]) {
                imagesOfCaption[caption][filled[caption]++] = image;
            }
        }
        return imagesOfCaption;
    }

    int images() {
        return captionsOfImage.length;
    }

    int captions() {
        return imagesOfCaption.length;
    }

    /** By image, its captions, ascending. */
    int[][] captionsOfImage() {
        return captionsOfImage;
    }

    /** By caption, its images, ascending. */
    int[][] imagesOfCaption() {
        return imagesOfCaption;
    }
}
