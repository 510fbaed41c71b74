package io.cospace.service.rest;

import io.cospace.encoder.Modality;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.Problem.Violation;
import io.cospace.service.embedding.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From forms, and from images that are the body, to what the service is asked for. */
final class FormReader {

    /** Fields whose values are texts to embed. */
    private static final List<String> TEXT_FIELDS = List.of("text", "inputs");

    private final Limits limits;

    FormReader(Limits limits) {
        this.limits = limits;
    }

    /** A form: files are images, the fields of that name are texts, others are options. */
    EmbedRequest form(byte[] body, String boundary, List<Map.Entry<String, String>> query) {
        OptionFields options = new OptionFields();
        List<Violation> violations = new ArrayList<>();
        readQuery(query, options, violations);
        List<Input> inputs = new ArrayList<>();
        for (MultipartBody.Part part : MultipartBody.parts(body, boundary)) {
            read(part, inputs, options, violations);
        }
        if (inputs.size() > limits.inputs()) {
            throw new ProblemException(
                    new Problem.TooManyInputs("inputs", inputs.size(), limits.inputs()));
        }
        if (inputs.isEmpty()) {
            violations.add(
                    new Violation(
                            "/inputs",
                            "is empty; a form holds images as files and texts as fields named text"));
        }
        return request(inputs, options, violations);
    }

    /** An image that is the whole body; the options stand in the query. */
    EmbedRequest image(byte[] body, List<Map.Entry<String, String>> query) {
        OptionFields options = new OptionFields();
        List<Violation> violations = new ArrayList<>();
        readQuery(query, options, violations);
        return request(List.of(new Input.Image(body)), options, violations);
    }

    private static void readQuery(
            List<Map.Entry<String, String>> query,
            OptionFields options,
            List<Violation> violations) {
        for (Map.Entry<String, String> parameter : query) {
            String name = parameter.getKey();
            if (OptionFields.EMBED.contains(name)) {
                options.read(name, parameter.getValue(), violations);
            } else {
                violations.add(unknown(name, OptionFields.EMBED));
            }
        }
    }

    private static void read(
            MultipartBody.Part part,
            List<Input> inputs,
            OptionFields options,
            List<Violation> violations) {
        boolean isText = TEXT_FIELDS.contains(part.name());
        if (part.isFile() && !isText) {
            inputs.add(new Input.Image(part.content()));
            return;
        }
        boolean isOption = OptionFields.EMBED.contains(part.name());
        if (!isText && !isOption) {
            List<String> known = new ArrayList<>(TEXT_FIELDS);
            known.addAll(OptionFields.EMBED);
            violations.add(unknown(part.name(), known));
            return;
        }
        String value = MultipartBody.text(part.content());
        if (value == null) {
            String pointer = isText ? "/inputs/" + inputs.size() : "/" + part.name();
            Problem problem = Problem.InvalidRequest.at(pointer, "is not UTF-8");
            if (isOption) {
                violations.add(new Violation(pointer, "is not UTF-8"));
            } else {
                inputs.add(new Input.Unreadable(Modality.TEXT, problem));
            }
        } else if (isText) {
            inputs.add(new Input.Text(value, null));
        } else {
            options.read(part.name(), value, violations);
        }
    }

    private static Violation unknown(String name, List<String> known) {
        String pointer = "/" + name.replace("~", "~0").replace("/", "~1");
        return new Violation(pointer, "is unknown; known are " + String.join(", ", known));
    }

    private static EmbedRequest request(
            List<Input> inputs, OptionFields options, List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw new ProblemException(new Problem.InvalidRequest(violations));
        }
        return new EmbedRequest(inputs, options.options(), options.types(), options.onError());
    }
}
