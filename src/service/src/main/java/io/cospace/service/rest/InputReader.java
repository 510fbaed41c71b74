package io.cospace.service.rest;

import io.cospace.encoder.text.Task;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads inputs from JSON: a string, or an object with one of {@code text}, {@code image}, {@code
 * image_url} and, where stored vectors are allowed, {@code embedding}. A value that is of the right
 * type but unusable, such as broken Base64, is that item's problem, not the call's.
 */
final class InputReader {

    /** Longest stored vector that is read; a bundle's vectors are no longer. */
    private static final int MOST_COMPONENTS = 65_536;

    private static final List<String> FIELDS = List.of("text", "task", "image", "image_url");
    private static final List<String> FIELDS_STORED =
            List.of("text", "task", "image", "image_url", "embedding", "space");

    private final JsonReader in;
    private final boolean stored;

    InputReader(JsonReader in, boolean stored) {
        this.in = in;
        this.stored = stored;
    }

    /**
     * Reads a list of inputs, or a single one.
     *
     * @param most inputs that are kept; more are an error that says how many there are
     */
    List<Input> list(String name, int most) {
        List<Input> inputs = new ArrayList<>();
        if (!in.isArray()) {
            Input single = one();
            if (single != null) {
                inputs.add(single);
            }
            return inputs;
        }
        String pointer = in.pointer();
        int[] count = {0};
        in.array(() -> {
            if (count[0]++ < most) {
                Input input = one();
                if (input != null) {
                    inputs.add(input);
                }
            } else {
                in.skip();
            }
        });
        if (count[0] > most) {
            throw new ProblemException(new Problem.TooManyInputs(name, count[0], most));
        }
        if (count[0] == 0) {
            in.violate(pointer, "is empty; must hold 1..%d inputs".formatted(most));
        }
        return inputs;
    }

    /** Reads one input; null, with a fault noted, when it is none. */
    @Nullable Input one() {
        return one(List.of(), _ -> {});
    }

    /**
     * Reads one input that may have further fields.
     *
     * @param more their names
     * @param field called at the value of each
     */
    @Nullable Input one(List<String> more, Consumer<String> field) {
        if (in.isString()) {
            String text = in.string();
            return text == null ? null : new Input.Text(text, null);
        }
        Item item = new Item(in.pointer());
        if (!in.isObject()) {
            in.wrongType("a string or an object");
            return null;
        }
        List<String> own = stored ? FIELDS_STORED : FIELDS;
        if (more.isEmpty()) {
            in.object(own, item::field);
            return item.input();
        }
        List<String> known = new ArrayList<>(own);
        known.addAll(more);
        in.object(
                known,
                name -> {
                    if (more.contains(name)) {
                        field.accept(name);
                    } else {
                        item.field(name);
                    }
                });
        return item.input();
    }

    /** The fields of one input. */
    private final class Item {

        private final String pointer;
        private final List<String> kinds = new ArrayList<>(1);
        private @Nullable Task task;
        private @Nullable String space;
        private @Nullable String text;
        private float @Nullable [] embedding;
        private @Nullable Input input;

        Item(String pointer) {
            this.pointer = pointer;
        }

        void field(String name) {
            if (in.isNull()) {
                return;
            }
            switch (name) {
                case "task" -> task = in.choice(Names.TASKS);
                case "space" -> space = in.string();
                default -> {
                    kinds.add(name);
                    content(name);
                }
            }
        }

        private void content(String name) {
            if (name.equals("embedding") && in.isArray()) {
                embedding = in.floats(MOST_COMPONENTS);
                return;
            }
            String at = in.pointer();
            switch (name) {
                case "text" -> text = in.string();
                case "image" -> {
                    ByteBuffer value = in.ascii();
                    input = value == null ? null : ImageFields.image(value, at);
                }
                case "image_url" -> {
                    String value = in.string();
                    input = value == null ? null : new Input.ImageUrl(value);
                }
                case "embedding" -> {
                    ByteBuffer value = in.ascii();
                    if (value != null) {
                        storedVector(value, at);
                    }
                }
                default -> throw new IllegalArgumentException("This is a bug: no field " + name);
            }
        }

        private void storedVector(ByteBuffer value, String at) {
            try {
                embedding = Base64Values.floats(value);
            } catch (Base64Values.MalformedException e) {
                String reason = String.valueOf(e.getMessage());
                input = new Input.Unreadable(null, Problem.InvalidRequest.at(at, reason));
            }
        }

        /** The input that the fields make; null when a fault was noted already. */
        @Nullable Input input() {
            if (kinds.size() != 1) {
                String reason =
                        kinds.isEmpty()
                                ? "holds none of "
                                        + (stored
                                                ? "text, image, image_url, embedding"
                                                : "text, image, image_url")
                                : "holds " + String.join(" and ", kinds) + "; must be one of them";
                return new Input.Unreadable(null, Problem.InvalidRequest.at(pointer, reason));
            }
            if (text != null) {
                return new Input.Text(text, task);
            }
            if (embedding != null) {
                return new Input.Vector(embedding, space);
            }
            return input;
        }
    }
}
