package io.cospace.encoder.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.cospace.encoder.error.BundleException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * Reads and writes the JSON files of a bundle as records, strictly: one key a component in snake
 * case, no unknown key, no missing one, no value of another type, no duplicate. Writing is
 * canonical: the same record gives the same bytes.
 */
public final class ManifestJson {

    private static final JsonMapper MAPPER = mapper();
    private static final ObjectWriter WRITER = MAPPER.writer(printer());

    private ManifestJson() {}

    /**
     * Reads {@code json} as a record of {@code type}.
     *
     * @param file name for the messages
     * @throws BundleException naming file, key, and what is wrong there
     */
    public static <T> T read(String file, byte[] json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new BundleException(file, "is null; must be an object");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            throw new BundleException(
                    file,
                    path(e)
                            + ": unknown key; known are "
                            + e.getKnownPropertyIds().stream().sorted().toList(),
                    e);
        } catch (JsonMappingException e) {
            throw new BundleException(file, path(e) + ": " + reason(e), e);
        } catch (JsonProcessingException e) {
            throw new BundleException(file, "is not JSON: " + reason(e), e);
        } catch (IOException e) {
            throw new BundleException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * UTF-8 bytes of {@code value}: indented by two spaces, components in their order, maps by key,
     * one final newline.
     */
    public static byte[] write(Record value) {
        try {
            return (WRITER.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "This is a bug: a record that cannot be JSON: " + value.getClass(), e);
        }
    }

    private static JsonMapper mapper() {
        return JsonMapper.builder()
                .annotationIntrospector(new RecordIntrospector())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(
                                JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> {
                            for (CoercionInputShape shape : CoercionInputShape.values()) {
                                config.setCoercion(shape, CoercionAction.Fail);
                            }
                        })
                .build();
    }

    private static DefaultPrettyPrinter printer() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    }

    private static String path(JsonMappingException e) {
        String path =
                e.getPath().stream()
                        .map(step ->
                                step.getFieldName() == null
                                        ? "[" + step.getIndex() + "]"
                                        : step.getFieldName())
                        .collect(Collectors.joining("."));
        return path.isEmpty() ? "top level" : path;
    }

    /** The record's own complaint where there is one, else the first line of the parser's. */
    private static String reason(JsonProcessingException e) {
        if (e.getCause() instanceof IllegalArgumentException own) {
            return String.valueOf(own.getMessage());
        }
        String message = e.getOriginalMessage();
        return message.startsWith("Missing required")
                ? "missing"
                : message.lines().findFirst().orElse("");
    }
}
