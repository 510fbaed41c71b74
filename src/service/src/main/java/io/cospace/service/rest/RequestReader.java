package io.cospace.service.rest;

import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.OnError;
import io.cospace.service.embedding.SimilarityRequest;
import io.cospace.service.embedding.SimilarityRequest.Mode;
import io.cospace.service.embedding.SimilarityRequest.Score;
import io.cospace.service.embedding.TokenizeRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From JSON bodies to what the service is asked for. Thread-safe. */
final class RequestReader {

    private static final List<String> EMBED_FIELDS = with(OptionFields.EMBED, "inputs");
    private static final List<String> LINE_FIELDS =
            with(OptionFields.EMBED, "id", "text", "image", "image_url");
    private static final List<String> SIMILARITY_FIELDS =
            with(OptionFields.COMMON, "a", "b", "mode", "score", "top_k");
    private static final List<String> TOKENIZE_FIELDS =
            List.of("inputs", "task", "offsets", "model", "space");

    private final JsonReaders json;
    private final Limits limits;

    RequestReader(Limits limits) {
        this.json = new JsonReaders(limits.jsonDepth(), limits.bodyBytes());
        this.limits = limits;
    }

    EmbedRequest embed(byte[] body) {
        try (JsonReader in = json.read(body)) {
            OptionFields options = new OptionFields();
            Lists lists = new Lists(in, false);
            in.object(
                    EMBED_FIELDS,
                    name -> {
                        if (name.equals("inputs")) {
                            lists.a = lists.read(name, limits.inputs());
                        } else {
                            options.read(name, in);
                        }
                    });
            List<Input> inputs = required(in, "inputs", lists.a);
            in.finish();
            return new EmbedRequest(inputs, options.options(), options.types(), options.onError());
        }
    }

    /**
     * Reads the first line of a bulk call.
     *
     * @return a request of no inputs
     */
    EmbedRequest lineOptions(byte[] line) {
        try (JsonReader in = json.read(line)) {
            OptionFields options = new OptionFields();
            in.object(
                    LINE_FIELDS,
                    name -> {
                        if (OptionFields.EMBED.contains(name)) {
                            options.read(name, in);
                        } else {
                            in.violate("is an input's; the first line holds the options, or {}");
                            in.skip();
                        }
                    });
            if (options.isFailAsked()) {
                in.violate(
                        "/on_error", "is 'fail'; lines fail alone, so it must be item, or absent");
            }
            in.finish();
            return new EmbedRequest(List.of(), options.options(), options.types(), OnError.ITEM);
        }
    }

    SimilarityRequest similarity(byte[] body) {
        try (JsonReader in = json.read(body)) {
            OptionFields options = new OptionFields();
            Lists lists = new Lists(in, true);
            Comparison comparison = new Comparison();
            int most = limits.inputs() + limits.storedVectors();
            in.object(
                    SIMILARITY_FIELDS,
                    name -> {
                        switch (name) {
                            case "a" -> lists.a = lists.read(name, most);
                            case "b" -> lists.b = lists.read(name, most);
                            case "mode", "score", "top_k" -> comparison.read(name, in);
                            default -> options.read(name, in);
                        }
                    });
            List<Input> a = required(in, "a", lists.a);
            List<Input> b = required(in, "b", lists.b);
            in.finish();
            return new SimilarityRequest(
                    a, b, options.options(), comparison.mode, comparison.score, comparison.topK);
        }
    }

    TokenizeRequest tokenize(byte[] body) {
        try (JsonReader in = json.read(body)) {
            OptionFields options = new OptionFields();
            Lists lists = new Lists(in, false);
            in.object(
                    TOKENIZE_FIELDS,
                    name -> {
                        if (name.equals("inputs")) {
                            lists.a = lists.read(name, limits.inputs());
                        } else {
                            options.read(name, in);
                        }
                    });
            List<Input.Text> texts = new ArrayList<>();
            List<Input> inputs = required(in, "inputs", lists.a);
            for (int i = 0; i < inputs.size(); i++) {
                if (inputs.get(i) instanceof Input.Text text) {
                    texts.add(text);
                } else {
                    in.violate("/inputs/" + i, "must be a text; only texts have tokens");
                }
            }
            in.finish();
            return new TokenizeRequest(texts, options.options());
        }
    }

    /** The list of that name; its absence is a fault, unless there are others already. */
    private static List<Input> required(JsonReader in, String name, @Nullable List<Input> list) {
        if (list == null && in.hasFaults()) {
            in.finish();
        }
        if (list == null) {
            in.violate("/" + name, "is missing");
            return List.of();
        }
        return list;
    }

    private static List<String> with(List<String> names, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(names);
        return List.copyOf(all);
    }

    /** The lists of a call as they are read. */
    private static final class Lists {

        private final InputReader inputs;
        @Nullable List<Input> a;
        @Nullable List<Input> b;

        Lists(JsonReader in, boolean stored) {
            this.inputs = new InputReader(in, stored);
        }

        List<Input> read(String name, int most) {
            return inputs.list(name, most);
        }
    }

    /** How the lists of a similarity call are compared. */
    private static final class Comparison {

        Mode mode = Mode.MATRIX;
        Score score = Score.COSINE;
        @Nullable Integer topK;

        void read(String name, JsonReader in) {
            if (in.isNull()) {
                return;
            }
            switch (name) {
                case "mode" -> {
                    Mode read = in.choice(Names.MODES);
                    mode = read == null ? mode : read;
                }
                case "score" -> {
                    Score read = in.choice(Names.SCORES);
                    score = read == null ? score : read;
                }
                default -> topK = in.integer();
            }
        }
    }
}
