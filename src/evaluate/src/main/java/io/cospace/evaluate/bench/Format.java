package io.cospace.evaluate.bench;

import java.util.Locale;

/**
 * How requests and answers look. The first group is that of a Cospace service, the second that of
 * other servers, so that they are measured with the same client.
 */
public enum Format {
    /** {@code {"inputs": [...]}}, answered with JSON floats. */
    COSPACE("/embed", Media.JSON, Media.JSON),
    /** The same, answered with base64 of float32. */
    BASE64("/embed", Media.JSON, Media.JSON),
    /** The same, answered with bare float32. */
    OCTETS("/embed", Media.JSON, "application/octet-stream"),
    /** A line of options, then an input a line; answered a line each. */
    NDJSON("/embed", Media.LINES, Media.LINES),
    /** One image file as the body. */
    RAW("/embed", Media.BY_CONTENT, Media.JSON),
    /** A form: files are images, fields are texts. */
    MULTIPART("/embed", "multipart/form-data; boundary=" + Media.BOUNDARY, Media.JSON),
    /** {@code {"input": [...]}} of {@code /v1/embeddings}, answered with JSON floats. */
    OPENAI("/v1/embeddings", Media.JSON, Media.JSON),
    /** The same with images as data URIs and {@code "modality": "image"}, as Infinity reads it. */
    OPENAI_IMAGE("/v1/embeddings", Media.JSON, Media.JSON),
    /** {@code {"inputs": [...], "truncate": true}}, as text-embeddings-inference reads it. */
    TEI("/embed", Media.JSON, Media.JSON);

    /** Media types, apart because an enum's constants cannot use its own. */
    static final class Media {
        static final String JSON = "application/json";
        static final String LINES = "application/x-ndjson";
        static final String BOUNDARY = "cospace-bench-7b1f";

        /** That of the image in the body. */
        static final String BY_CONTENT = "image/*";

        private Media() {}
    }

    private final String path;
    private final String contentType;
    private final String accept;

    Format(String path, String contentType, String accept) {
        this.path = path;
        this.contentType = contentType;
        this.accept = accept;
    }

    /** Where requests go when the URL names no path. */
    String path() {
        return path;
    }

    String contentType() {
        return contentType;
    }

    String accept() {
        return accept;
    }

    /** Whether an answer of status 200 may hold errors, so that it has to be read. */
    boolean hidesErrors() {
        return this == NDJSON;
    }

    /** As typed: {@code openai-image}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
