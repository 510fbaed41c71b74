/**
 * Tokenizers of the SentencePiece Unigram kind (XLM-R, multilingual e5), with ids and offsets equal
 * to those of the Hugging Face tokenizers library.
 */
@NullMarked
package io.cospace.encoder.text.unigram;

import org.jspecify.annotations.NullMarked;
