package io.cospace.training.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What stage export makes.
 *
 * @param bundle folder {@code models/NAME/VERSION} that does not exist yet
 * @param embedder the frozen embedder as {@code cospace import} reads it
 * @param imagePrecision of the image tower's graphs, fp32 among them
 * @param textPrecision of the text tower's, fp32 among them
 * @param license SPDX expression; may be empty
 */
record ExportSettings(
        Path bundle,
        Path embedder,
        List<String> imagePrecision,
        List<String> textPrecision,
        String license) {
    static ExportSettings read(ConfigTree tree, RecipeSettings.Recipe recipe) {
        switch (recipe) {
            case PROCLIP, LLM2CLIP, LIFT -> {}
            case TWO_PATH ->
                    throw new JobException(
                            "stages has 'export'; a bundle of recipe 'two-path' is made by ./cospace train-default");
            case CLIP ->
                    throw new JobException(
                            "stages has 'export'; no bundle holds recipe 'clip', whose text side is a linear map: recipe must be one of [proclip, llm2clip, lift]");
        }
        String bundle = tree.text("export.bundle");
        Path path = Path.of(bundle);
        if (bundle.isEmpty() || path.toAbsolutePath().normalize().getNameCount() < 2) {
            throw new JobException(
                    "export.bundle is '%s'; it must be a new folder models/NAME/VERSION"
                            .formatted(bundle));
        }
        if (Files.exists(path)) {
            throw new JobException(
                    "export.bundle: %s exists; a bundle is never overwritten".formatted(path));
        }
        return new ExportSettings(
                path,
                tree.existing("export.embedder"),
                precisions(tree, "export.image_precision"),
                precisions(tree, "export.text_precision"),
                tree.text("export.license"));
    }

    private static List<String> precisions(ConfigTree tree, String key) {
        List<String> known = List.of("fp32", "int8", "int8-fast", "fp16");
        List<String> given = tree.texts(key);
        for (String precision : given) {
            if (!known.contains(precision)) {
                throw new JobException("%s has '%s'; known: %s".formatted(key, precision, known));
            }
        }
        if (!given.contains("fp32")) {
            throw new JobException(
                    "%s is %s; fp32 must be among them, for the bundle is compared with the trained towers at it"
                            .formatted(key, given));
        }
        return given;
    }
}
