package io.cospace.service.rest;

import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.LongText;
import io.cospace.service.embedding.OnError;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code POST /v1/embeddings}: what OpenAI documents, and {@code task}, {@code
 * long_text} and {@code space} beside it. Thread-safe.
 */
final class OpenAiReader {

    private static final List<String> OPTIONS =
            List.of("dimensions", "model", "task", "long_text", "space");
    private static final List<String> FIELDS = fields();
    private static final Map<String, OutputType> FORMATS =
            Map.of("float", OutputType.FLOAT, "base64", OutputType.BASE64);

    private final JsonReaders json;
    private final int mostInputs;

    OpenAiReader(Limits limits) {
        this.json = new JsonReaders(limits.jsonDepth(), limits.bodyBytes());
        this.mostInputs = mostInputs(limits);
    }

    /**
     * Most inputs of a call: twice those of {@code /embed}, so that the lists of 2,048 that OpenAI
     * takes, and that its users' programs therefore send, are taken by default.
     */
    static int mostInputs(Limits limits) {
        return 2 * limits.inputs();
    }

    EmbedRequest read(byte[] body) {
        try (JsonReader in = json.read(body)) {
            Fields fields = new Fields(in);
            in.object(FIELDS, fields::read);
            List<Input> inputs = fields.inputs;
            if (inputs == null) {
                in.violate("/input", "is missing");
            }
            in.finish();
            return new EmbedRequest(
                    inputs == null ? List.of() : inputs,
                    fields.options.options(),
                    Set.of(fields.format),
                    OnError.FAIL);
        }
    }

    private static List<String> fields() {
        List<String> all = new ArrayList<>(List.of("input", "encoding_format", "user"));
        all.addAll(OPTIONS);
        return List.copyOf(all);
    }

    /** The fields of a call as they are read. */
    private final class Fields {

        private final JsonReader in;
        private final InputReader reader;
        private final OptionFields options = new OptionFields();
        private OutputType format = OutputType.FLOAT;
        private @Nullable List<Input> inputs;

        Fields(JsonReader in) {
            this.in = in;
            this.reader = new InputReader(in, false);
        }

        void read(String name) {
            switch (name) {
                case "input" -> inputs = inputs();
                case "user" -> in.skip();
                case "encoding_format" -> {
                    OutputType read = in.isNull() ? null : in.choice(FORMATS);
                    format = read == null ? format : read;
                }
                default -> {
                    String pointer = in.pointer();
                    options.read(name, in);
                    if (options.options().longText() == LongText.CHUNKS) {
                        in.violate(pointer, "is 'chunks', which only /embed answers");
                    }
                }
            }
        }

        private List<Input> inputs() {
            List<Input> list = new ArrayList<>();
            if (!in.isArray()) {
                add(list);
                return list;
            }
            String pointer = in.pointer();
            int[] count = {0};
            boolean[] tokens = {false};
            in.array(() -> {
                count[0]++;
                if (in.isNumber() || in.isArray()) {
                    tokens[0] = true;
                    in.skip();
                } else if (count[0] <= mostInputs) {
                    add(list);
                } else {
                    in.skip();
                }
            });
            if (tokens[0]) {
                in.violate(pointer, "holds token ids, which are those of another model; send text");
            } else if (count[0] > mostInputs) {
                throw new ProblemException(
                        new Problem.TooManyInputs("input", count[0], mostInputs));
            } else if (count[0] == 0) {
                in.violate(pointer, "is empty; must hold 1..%d inputs".formatted(mostInputs));
            }
            return list;
        }

        private void add(List<Input> list) {
            Input input = reader.one();
            if (input != null) {
                list.add(input);
            }
        }
    }
}
