package io.cospace.export.importer;

import io.cospace.encoder.bundle.Manifest.Score;
import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.text.TextFormat;

/**
 * What a manifest says of a model besides its files.
 *
 * @param format how texts are read
 * @param inputs how text graphs take a batch
 * @param preprocessing how images are read
 * @param score how a cosine becomes a probability
 * @param logitScale factor on the cosine
 * @param logitBias added after it
 * @param dimensions D of every vector
 */
record BundleForm(
        TextFormat format,
        TextInputs inputs,
        Preprocessing preprocessing,
        Score score,
        double logitScale,
        double logitBias,
        int dimensions) {}
