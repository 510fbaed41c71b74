package io.cospace.encoder.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.cospace.encoder.text.unigram.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The Hugging Face tokenizers library (DJL's build of it), which reads every kind of file. */
final class LibraryEngine implements Engine {

    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final HuggingFaceTokenizer library;

    private LibraryEngine(HuggingFaceTokenizer library) {
        this.library = library;
    }

    /** All limits that the library could set by itself are off: it must never cut or pad. */
    static LibraryEngine open(Path file) throws IOException {
        TokenizerLibrary.prepare();
        return new LibraryEngine(
                HuggingFaceTokenizer.builder()
                        .optTokenizerPath(file)
                        .optAddSpecialTokens(true)
                        .optTruncation(false)
                        .optPadding(false)
                        .optMaxLength(NO_LIMIT)
                        .build());
    }

    @Override
    public Tokens encode(String text) {
        Encoding encoding = library.encode(text, true, false);
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[] ids = new int[spans.length];
        int[] starts = new int[spans.length];
        int[] ends = new int[spans.length];
        Utf16Index index = Utf16Index.of(text);
        for (int i = 0; i < spans.length; i++) {
            ids[i] = Math.toIntExact(encoding.getIds()[i]);
            // What the post-processor adds has no span.
            starts[i] = spans[i] == null ? Tokens.NOWHERE : index.of(spans[i].getStart());
            ends[i] = spans[i] == null ? 0 : index.of(spans[i].getEnd());
        }
        return new Tokens(ids, starts, ends);
    }

    @Override
    public List<String> spell(String text) {
        return List.of(library.encode(text, true, false).getTokens());
    }

    @Override
    public void close() {
        library.close();
    }
}
