package io.cospace.evaluate.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests as they go over the wire. */
class EndpointTest {
    private static final Item TEXT = new Item.Text("é");
    private static final Item PNG = new Item.Image(new byte[] {(byte) 0x89, 'P', 'N', 'G'});

    @Test
    void urls() {
        assertThat(Endpoint.of("http://h:1/", Format.OPENAI).uri())
                .hasToString("http://h:1/v1/embeddings");
        assertThat(Endpoint.of("http://h/x?y", Format.COSPACE).uri()).hasToString("http://h/x?y");
        assertThat(Endpoint.of("grpc://h:1", Format.COSPACE).uri()).hasToString("grpc://h:1");
        for (String bad : List.of("https://h", "h:1", "http:///x", "http://a b", "grpc://h")) {
            assertThatThrownBy(() -> Endpoint.of(bad, Format.COSPACE))
                    .isInstanceOf(BenchException.class)
                    .hasMessageStartingWith("URL is " + bad);
        }
        assertThatThrownBy(() -> Endpoint.of("grpc://h:1", Format.OPENAI))
                .hasMessageContaining("grpc://HOST:PORT with format cospace");
    }

    @Test
    void json_of_a_cospace_service() {
        assertThat(request(Format.COSPACE, TEXT, PNG))
                .startsWith("POST /embed HTTP/1.1\r\nHost: h:1\r\n")
                .contains("Content-Type: application/json\r\nAccept: application/json\r\n")
                .endsWith("\r\n\r\n{\"inputs\":[\"é\",{\"image\":\"iVBORw==\"}]}");
        assertThat(request(Format.BASE64, TEXT))
                .endsWith(
                        "\r\nContent-Length: 36\r\n\r\n{\"types\":[\"base64\"],\"inputs\":[\"é\"]}");
        assertThat(request(Format.OCTETS, TEXT)).contains("Accept: application/octet-stream\r\n");
    }

    @Test
    void lines() {
        assertThat(request(Format.NDJSON, TEXT, PNG))
                .contains("Content-Type: application/x-ndjson\r\nAccept: application/x-ndjson\r\n")
                .endsWith(
                        "\r\n\r\n{}\n{\"id\":0,\"text\":\"é\"}\n{\"id\":1,\"image\":\"iVBORw==\"}\n");
    }

    @Test
    void bodies_that_are_images_and_forms() {
        assertThat(request(Format.RAW, PNG))
                .contains("Content-Type: image/png\r\n")
                .contains("Content-Length: 4\r\n");
        for (Item[] bad : List.of(new Item[] {TEXT}, new Item[] {PNG, PNG})) {
            assertThatThrownBy(() -> request(Format.RAW, bad))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("one image a request");
        }
        assertThat(request(Format.MULTIPART, TEXT, PNG))
                .contains("Content-Type: multipart/form-data; boundary=cospace-bench-7b1f\r\n")
                .contains(
                        "--cospace-bench-7b1f\r\nContent-Disposition: form-data; name=\"text\"\r\n")
                .contains("Content-Type: text/plain\r\n\r\né\r\n--cospace-bench-7b1f\r\n")
                .contains("name=\"image\"; filename=\"image\"\r\nContent-Type: image/png\r\n\r\n")
                .endsWith("PNG\r\n--cospace-bench-7b1f--\r\n");
    }

    @Test
    void shapes_of_other_servers() {
        assertThat(request(Format.OPENAI, TEXT))
                .startsWith("POST /v1/embeddings ")
                .endsWith("{\"model\":\"model\",\"input\":[\"é\"]}");
        Workload one = new Workload("w", List.of(List.of(TEXT)));
        Endpoint named = Endpoint.of("http://h:1", Format.OPENAI, "mine", List.of());
        assertThat(new String(named.prepare(one).getFirst().bytes(), UTF_8))
                .endsWith("{\"model\":\"mine\",\"input\":[\"é\"]}");
        assertThat(request(Format.OPENAI_IMAGE, PNG))
                .startsWith("POST /v1/embeddings ")
                .endsWith("\"input\":[\"data:image/png;base64,iVBORw==\"],\"modality\":\"image\"}");
        assertThatThrownBy(() -> request(Format.OPENAI_IMAGE, TEXT))
                .hasMessage("format openai-image sends images, not texts");
        assertThat(request(Format.TEI, TEXT))
                .startsWith("POST /embed ")
                .endsWith("{\"inputs\":[\"é\"],\"truncate\":true}");
    }

    /** Bytes that protoc --encode makes of inputs { text: "é" } inputs { image: "\x89PNG" }. */
    @Test
    void messages() {
        List<Endpoint.Prepared> prepared =
                Endpoint.of("grpc://h:1", Format.COSPACE)
                        .prepare(new Workload("w", List.of(List.of(TEXT, PNG))));
        assertThat(HexFormat.of().formatHex(prepared.getFirst().bytes()))
                .isEqualTo("0a040a02c3a9" + "0a06120489504e47");
        Item large = new Item.Text("x".repeat(300));
        byte[] message =
                Endpoint.of("grpc://h:1", Format.COSPACE)
                        .prepare(new Workload("w", List.of(List.of(large))))
                        .getFirst()
                        .bytes();
        assertThat(HexFormat.of().formatHex(message, 0, 7)).isEqualTo("0aaf020aac0278");
        assertThat(message).hasSize(306);
    }

    @Test
    void a_request_that_is_sent_often_is_held_once() {
        Workload twice =
                Workload.mixed(
                        List.of(
                                new Workload.Part(new Workload("a", List.of(List.of(TEXT))), 2),
                                new Workload.Part(new Workload("b", List.of(List.of(PNG))), 1)));
        List<Endpoint.Prepared> prepared = Endpoint.of("http://h:1", Format.COSPACE).prepare(twice);
        assertThat(prepared).hasSize(3);
        assertThat(prepared.get(0)).isSameAs(prepared.get(1));
    }

    @Test
    void knows_images_by_their_first_bytes() {
        assertThat(
                        List.of(
                                "\u00ff\u00d8\u00ff",
                                "RIFF....WEBPVP8",
                                "GIF89a",
                                "BM",
                                "II*\0",
                                "MM\0*",
                                "?"))
                .extracting(head -> Bodies.mediaType(head.getBytes(ISO_8859_1)))
                .containsExactly(
                        "image/jpeg",
                        "image/webp",
                        "image/gif",
                        "image/bmp",
                        "image/tiff",
                        "image/tiff",
                        "image/*");
    }

    private static String request(Format format, Item... items) {
        byte[] bytes =
                Endpoint.of("http://h:1", format)
                        .prepare(new Workload("w", List.of(List.of(items))))
                        .getFirst()
                        .bytes();
        return new String(bytes, UTF_8);
    }
}
