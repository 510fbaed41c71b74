package io.cospace.service.grpc;

import io.cospace.encoder.text.Task;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.LongText;
import io.cospace.service.embedding.Offsets;
import io.cospace.service.embedding.OnError;
import io.cospace.service.embedding.Options;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.SimilarityRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From messages to what the service is asked for. */
final class Messages {

    /** Longest name of a model or a space that is looked up. */
    private static final int LONGEST_NAME = 256;

    private Messages() {}

    static EmbedRequest embed(io.cospace.service.grpc.v1.EmbedRequest message, int mostInputs) {
        return new EmbedRequest(
                inputs("inputs", message.getInputsList(), mostInputs, false),
                options(message.getOptions()),
                types(message.getOptions()),
                onError(message.getOnError()));
    }

    static SimilarityRequest similarity(
            io.cospace.service.grpc.v1.SimilarityRequest message, int mostInputs) {
        return new SimilarityRequest(
                inputs("a", message.getAList(), mostInputs, true),
                inputs("b", message.getBList(), mostInputs, true),
                options(message.getOptions()),
                mode(message.getMode()),
                score(message.getScore()),
                message.hasTopK() ? Integer.valueOf(message.getTopK()) : null);
    }

    /** What a call says about all of its inputs. */
    static Options options(io.cospace.service.grpc.v1.Options message) {
        Task task = task(message.getTask(), "/options/task");
        return new Options(
                task == null ? Task.DOCUMENT : task,
                message.hasDimensions() ? Integer.valueOf(message.getDimensions()) : null,
                longText(message.getLongText()),
                offsets(message.getOffsets()),
                name(message.getModel(), "/options/model"),
                name(message.getSpace(), "/options/space"));
    }

    /** The forms of each vector. */
    static Set<OutputType> types(io.cospace.service.grpc.v1.Options message) {
        Set<OutputType> types = EnumSet.noneOf(OutputType.class);
        for (int i = 0; i < message.getTypesCount(); i++) {
            types.add(
                    switch (message.getTypes(i)) {
                        case OUTPUT_TYPE_FLOAT -> OutputType.FLOAT;
                        case OUTPUT_TYPE_INT8 -> OutputType.INT8;
                        case OUTPUT_TYPE_UINT8 -> OutputType.UINT8;
                        case OUTPUT_TYPE_BINARY -> OutputType.BINARY;
                        case OUTPUT_TYPE_UBINARY -> OutputType.UBINARY;
                        case OUTPUT_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                                throw unknown("/options/types/" + i);
                    });
        }
        return types.isEmpty() ? EnumSet.of(OutputType.FLOAT) : types;
    }

    private static List<Input> inputs(
            String list,
            List<io.cospace.service.grpc.v1.Input> messages,
            int most,
            boolean stored) {
        if (messages.size() > most) {
            throw new ProblemException(new Problem.TooManyInputs(list, messages.size(), most));
        }
        if (messages.isEmpty()) {
            throw invalid("/" + list, "is empty; must hold 1..%d inputs".formatted(most));
        }
        List<Input> inputs = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            inputs.add(input(messages.get(i), "/" + list + "/" + i, stored));
        }
        return inputs;
    }

    /**
     * One input; one that says nothing usable is an {@link Input.Unreadable}.
     *
     * @param pointer where it stands
     * @param stored whether a stored vector is allowed
     */
    static Input input(io.cospace.service.grpc.v1.Input message, String pointer, boolean stored) {
        return switch (message.getInputCase()) {
            case TEXT ->
                    new Input.Text(message.getText(), task(message.getTask(), pointer + "/task"));
            case IMAGE -> new Input.Image(message.getImage().toByteArray());
            case IMAGE_URL -> new Input.ImageUrl(message.getImageUrl());
            case VECTOR -> stored ? vector(message.getVector()) : noVector(pointer);
            case INPUT_NOT_SET ->
                    unreadable(
                            pointer,
                            "holds none of "
                                    + (stored
                                            ? "text, image, image_url, vector"
                                            : "text, image, image_url"));
        };
    }

    private static Input vector(io.cospace.service.grpc.v1.Vector message) {
        float[] values = new float[message.getValuesCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = message.getValues(i);
        }
        return new Input.Vector(values, message.getSpace().isEmpty() ? null : message.getSpace());
    }

    private static Input noVector(String pointer) {
        return unreadable(pointer, "is a vector; Embed takes text, image or image_url");
    }

    private static Input unreadable(String pointer, String reason) {
        return new Input.Unreadable(null, Problem.InvalidRequest.at(pointer, reason));
    }

    private static @Nullable Task task(io.cospace.service.grpc.v1.Task task, String pointer) {
        return switch (task) {
            case TASK_UNSPECIFIED -> null;
            case TASK_QUERY -> Task.QUERY;
            case TASK_DOCUMENT -> Task.DOCUMENT;
            case UNRECOGNIZED -> throw unknown(pointer);
        };
    }

    private static LongText longText(io.cospace.service.grpc.v1.LongText longText) {
        return switch (longText) {
            case LONG_TEXT_UNSPECIFIED, LONG_TEXT_REJECT -> LongText.REJECT;
            case LONG_TEXT_TRUNCATE_END -> LongText.TRUNCATE_END;
            case LONG_TEXT_TRUNCATE_START -> LongText.TRUNCATE_START;
            case LONG_TEXT_POOL -> LongText.POOL;
            case LONG_TEXT_CHUNKS -> LongText.CHUNKS;
            case UNRECOGNIZED -> throw unknown("/options/long_text");
        };
    }

    private static Offsets offsets(io.cospace.service.grpc.v1.Offsets offsets) {
        return switch (offsets) {
            case OFFSETS_UNSPECIFIED, OFFSETS_CODE_POINTS -> Offsets.CODE_POINTS;
            case OFFSETS_UTF16 -> Offsets.UTF16;
            case UNRECOGNIZED -> throw unknown("/options/offsets");
        };
    }

    private static OnError onError(io.cospace.service.grpc.v1.OnError onError) {
        return switch (onError) {
            case ON_ERROR_UNSPECIFIED, ON_ERROR_FAIL -> OnError.FAIL;
            case ON_ERROR_ITEM -> OnError.ITEM;
            case UNRECOGNIZED -> throw unknown("/on_error");
        };
    }

    private static SimilarityRequest.Mode mode(
            io.cospace.service.grpc.v1.SimilarityRequest.Mode mode) {
        return switch (mode) {
            case MODE_UNSPECIFIED, MODE_MATRIX -> SimilarityRequest.Mode.MATRIX;
            case MODE_PAIRS -> SimilarityRequest.Mode.PAIRS;
            case UNRECOGNIZED -> throw unknown("/mode");
        };
    }

    private static SimilarityRequest.Score score(
            io.cospace.service.grpc.v1.SimilarityRequest.Score score) {
        return switch (score) {
            case SCORE_UNSPECIFIED, SCORE_COSINE -> SimilarityRequest.Score.COSINE;
            case SCORE_PROBABILITY -> SimilarityRequest.Score.PROBABILITY;
            case UNRECOGNIZED -> throw unknown("/score");
        };
    }

    private static @Nullable String name(String name, String pointer) {
        if (name.length() > LONGEST_NAME) {
            throw invalid(
                    pointer,
                    "has %d characters; must have at most %d"
                            .formatted(name.length(), LONGEST_NAME));
        }
        return name.isEmpty() ? null : name;
    }

    private static ProblemException unknown(String pointer) {
        return invalid(pointer, "is a number that this version of the service does not know");
    }

    static ProblemException invalid(String pointer, String reason) {
        return new ProblemException(Problem.InvalidRequest.at(pointer, reason));
    }
}
