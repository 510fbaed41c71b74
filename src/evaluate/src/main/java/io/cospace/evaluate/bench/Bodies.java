package io.cospace.evaluate.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;

/** Bodies of requests, built once before anything is measured. */
final class Bodies {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private Bodies() {}

    /**
     * The body of one request.
     *
     * @throws BenchException if the format cannot hold the items
     */
    static byte[] of(Format format, String model, List<Item> items) {
        return switch (format) {
            case COSPACE, BASE64, OCTETS, OPENAI, OPENAI_IMAGE, TEI -> json(format, model, items);
            case NDJSON -> lines(items);
            case RAW -> image(items);
            case MULTIPART -> form(items);
        };
    }

    private static byte[] json(Format format, String model, List<Item> items) {
        ObjectNode root = JSON.createObjectNode();
        boolean openAi = format == Format.OPENAI || format == Format.OPENAI_IMAGE;
        if (openAi) {
            root.put("model", model);
        }
        if (format == Format.BASE64) {
            root.putArray("types").add("base64");
        }
        ArrayNode inputs = root.putArray(openAi ? "input" : "inputs");
        items.forEach(item -> add(inputs, format, item));
        if (format == Format.OPENAI_IMAGE) {
            root.put("modality", "image");
        }
        if (format == Format.TEI) {
            root.put("truncate", true);
        }
        return bytes(root);
    }

    private static void add(ArrayNode inputs, Format format, Item item) {
        boolean peer = format == Format.OPENAI_IMAGE || format == Format.TEI;
        switch (item) {
            case Item.Text text when format == Format.OPENAI_IMAGE ->
                    throw new BenchException("format " + format + " sends images, not texts");
            case Item.Text text -> inputs.add(text.text());
            case Item.Image image when peer ->
                    inputs.add("data:" + mediaType(image.bytes()) + ";base64," + base64(image));
            case Item.Image image -> inputs.addObject().put("image", base64(image));
        }
    }

    private static byte[] lines(List<Item> items) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("{}\n".getBytes(UTF_8));
        for (int i = 0; i < items.size(); i++) {
            ObjectNode line = JSON.createObjectNode().put("id", i);
            switch (items.get(i)) {
                case Item.Text text -> line.put("text", text.text());
                case Item.Image image -> line.put("image", base64(image));
            }
            body.writeBytes(bytes(line));
            body.write('\n');
        }
        return body.toByteArray();
    }

    private static byte[] image(List<Item> items) {
        if (items.size() == 1 && items.getFirst() instanceof Item.Image image) {
            return image.bytes();
        }
        throw new BenchException("format raw sends one image a request, nothing else");
    }

    private static byte[] form(List<Item> items) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Item item : items) {
            body.writeBytes(("--" + Format.Media.BOUNDARY + "\r\n").getBytes(UTF_8));
            switch (item) {
                case Item.Text text ->
                        part(body, "name=\"text\"", "text/plain", text.text().getBytes(UTF_8));
                case Item.Image image ->
                        part(
                                body,
                                "name=\"image\"; filename=\"image\"",
                                mediaType(image.bytes()),
                                image.bytes());
            }
        }
        body.writeBytes(("--" + Format.Media.BOUNDARY + "--\r\n").getBytes(UTF_8));
        return body.toByteArray();
    }

    private static void part(ByteArrayOutputStream to, String what, String type, byte[] content) {
        to.writeBytes(
                "Content-Disposition: form-data; %s\r\nContent-Type: %s\r\n\r\n"
                        .formatted(what, type)
                        .getBytes(UTF_8));
        to.writeBytes(content);
        to.writeBytes("\r\n".getBytes(UTF_8));
    }

    /**
     * An {@code EmbedRequest} of {@code embedder.proto}: field 1 holds the inputs, of each of which
     * field 1 is a text and field 2 an image. Written by hand because the messages' classes belong
     * to the service, which this module does not see.
     */
    static byte[] message(List<Item> items) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Item item : items) {
            ByteArrayOutputStream input = new ByteArrayOutputStream();
            switch (item) {
                case Item.Text text -> field(input, 1, text.text().getBytes(UTF_8));
                case Item.Image image -> field(input, 2, image.bytes());
            }
            field(body, 1, input.toByteArray());
        }
        return body.toByteArray();
    }

    /** Protobuf's wire type 2: tag, length as a varint, bytes. */
    private static void field(ByteArrayOutputStream to, int number, byte[] content) {
        to.write((number << 3) | 2);
        int length = content.length;
        while (length > 0x7f) {
            to.write((length & 0x7f) | 0x80);
            length >>>= 7;
        }
        to.write(length);
        to.writeBytes(content);
    }

    /** By the first bytes; what is none of these is called by none. */
    static String mediaType(byte[] image) {
        String head = new String(image, 0, Math.min(12, image.length), ISO_8859_1);
        if (head.startsWith("\u00ff\u00d8")) {
            return "image/jpeg";
        }
        if (head.startsWith("\u0089PNG")) {
            return "image/png";
        }
        if (head.startsWith("RIFF") && head.endsWith("WEBP")) {
            return "image/webp";
        }
        if (head.startsWith("GIF8")) {
            return "image/gif";
        }
        if (head.startsWith("BM")) {
            return "image/bmp";
        }
        return head.startsWith("II*") || head.startsWith("MM") ? "image/tiff" : "image/*";
    }

    private static String base64(Item.Image image) {
        return Base64.getEncoder().encodeToString(image.bytes());
    }

    private static byte[] bytes(ObjectNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("this is a bug: a tree is always JSON", e);
        }
    }
}
