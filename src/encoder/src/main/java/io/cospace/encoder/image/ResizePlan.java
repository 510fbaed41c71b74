package io.cospace.encoder.image;

/**
 * Where the pixels of the output square come from: the picture is resized to {@code width} x {@code
 * height}, of which the window from ({@code left}, {@code top}) of {@code columns} x {@code rows}
 * is placed at ({@code padLeft}, {@code padTop}) of the output.
 */
record ResizePlan(
        int width, int height, int left, int top, int columns, int rows, int padLeft, int padTop) {

    static ResizePlan of(Preprocessing preprocessing, int width, int height) {
        int size = preprocessing.size();
        int crop = preprocessing.crop();
        return switch (preprocessing.resize()) {
            case SQUASH -> cropped(size, size, crop);
            case SHORTEST ->
                    width <= height
                            ? cropped(size, scaled(size, height, width), crop)
                            : cropped(scaled(size, width, height), size, crop);
            case LONGEST -> padded(width, height, size, crop);
        };
    }

    /** torchvision's Resize: int(size x long / short). */
    private static int scaled(int size, int longer, int shorter) {
        return Math.toIntExact((long) size * longer / shorter);
    }

    /** torchvision's CenterCrop: an odd rest is halved to the even neighbour, as Python rounds. */
    private static ResizePlan cropped(int width, int height, int crop) {
        int left = (int) Math.rint((width - crop) / 2.0);
        int top = (int) Math.rint((height - crop) / 2.0);
        return new ResizePlan(width, height, left, top, crop, crop, 0, 0);
    }

    /** open_clip's ResizeKeepRatio(longest=1) and CenterCropOrPad. */
    private static ResizePlan padded(int width, int height, int size, int crop) {
        double ratio = (double) Math.max(width, height) / size;
        int newWidth = Math.max(1, (int) Math.rint(width / ratio));
        int newHeight = Math.max(1, (int) Math.rint(height / ratio));
        int left = newWidth > crop ? (newWidth - crop) / 2 : 0;
        int top = newHeight > crop ? (newHeight - crop) / 2 : 0;
        int columns = Math.min(newWidth, crop);
        int rows = Math.min(newHeight, crop);
        return new ResizePlan(
                newWidth,
                newHeight,
                left,
                top,
                columns,
                rows,
                (crop - columns) / 2,
                (crop - rows) / 2);
    }
}
