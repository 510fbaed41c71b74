package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.embedding.FakeModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Collections;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a call is what its answer says, and the next call is served. */
@Timeout(60)
class BadCallsTest {

    private static final String IMAGE = Base64.getEncoder().encodeToString("IMG".getBytes(UTF_8));

    private static final String STORED =
            "{\"embedding\":[1,2,3,4,5,6,7,8],\"space\":\"" + FakeModel.SPACE + "\"}";

    private static FakeServer server;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        server = FakeServer.start();
        api = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
"""
empty text               | {"inputs": ""}                                    | 422 | text-empty        | inputs[0]
blank text               | {"inputs": ["a", " \\n"]}                          | 422 | text-empty        | inputs[1]
lone surrogate           | {"inputs": "x\\ud800"}                            | 400 | invalid-request   | surrogate
text of 2 MB             | {"inputs": "<2 MB>"}                              | 422 | text-too-long     | 2000000 bytes
text of 50 words         | {"inputs": "<50 words>"}                          | 422 | text-too-long     | 52 tokens
wrong base64             | {"inputs": {"image": "a*"}}                       | 400 | invalid-request   | not Base64
data URI without base64  | {"inputs": {"image": "data:image/png,x"}}         | 400 | invalid-request   | data URI
URL                      | {"inputs": {"image_url": "http://127.0.0.1/"}}    | 422 | url-refused       | 127.0.0.1
unreadable image         | {"inputs": {"image": "UEsDBA=="}}                 | 422 | image-unreadable  | no known format
unsupported image        | {"inputs": {"image": "QVZJRg=="}}                 | 422 | image-unreadable  | AVIF
image too large          | {"inputs": {"image": "SFVHRQ=="}}                 | 413 | image-too-large   | 50000x50000
text and image           | {"inputs": {"text": "a", "image": "<image>"}}     | 400 | invalid-request   | text and image
neither text nor image   | {"inputs": {}}                                    | 400 | invalid-request   | none of
10,000 inputs            | {"inputs": [<10000 texts>]}                       | 413 | too-many-inputs   | 10000
no inputs                | {"inputs": []}                                    | 400 | invalid-request   | /inputs
inputs missing           | {}                                                | 400 | invalid-request   | missing
unknown field            | {"inputs": "a", "prompt": "b"}                    | 400 | invalid-request   | /prompt
wrong type               | {"inputs": 5}                                     | 400 | invalid-request   | whole number
unknown task             | {"inputs": "a", "task": "ask"}                    | 400 | invalid-request   | query, document
unknown output type      | {"inputs": "a", "types": ["half"]}                | 400 | invalid-request   | half
type without calibration | {"inputs": "a", "types": ["int8"]}                | 400 | invalid-request   | calibration
unknown dimension        | {"inputs": "a", "dimensions": 7}                  | 422 | unknown-dimension | [2, 4, 8]
unknown model            | {"inputs": "a", "model": "x"}                     | 404 | model-unknown     | fake/1
other space              | {"inputs": "a", "space": "x"}                     | 422 | space-mismatch    | <space>
item that fails the run  | {"inputs": ["a", "poison"]}                       | 500 | inference-failed  | inputs[1]
malformed JSON           | {"inputs":                                        | 400 | invalid-request   | too early
JSON 100 deep            | {"inputs": <100 deep>}                            | 400 | invalid-request   | nested
field twice              | {"inputs": "a", "inputs": "a"}                    | 400 | invalid-request   | Duplicate
empty body               | <nothing>                                         | 400 | invalid-request   | empty
""")
    void to_embed(String name, String json, int status, String type, String says) {
        check(api.json("/embed", expand(json)), status, type, says);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
"""
NaN                 | {"a": "x", "b": {"embedding": [1,2,3,4,5,6,7,NaN], "space": "<space>"}}  | 400 | invalid-request | component 7 is NaN
overflow            | {"a": "x", "b": {"embedding": [1,2,3,4,5,6,7,1e60], "space": "<space>"}} | 400 | invalid-request | Infinity
7 components        | {"a": "x", "b": {"embedding": [1,2,3,4,5,6,7], "space": "<space>"}}      | 400 | invalid-request | 7 components
zeros               | {"a": "x", "b": {"embedding": [0,0,0,0,0,0,0,0], "space": "<space>"}}    | 400 | invalid-request | zeros
string in a vector  | {"a": "x", "b": {"embedding": ["1"], "space": "<space>"}}                | 400 | invalid-request | /b/embedding/0
vector of no space  | {"a": "x", "b": [{"embedding": [1,2,3,4,5,6,7,8]}]}                      | 400 | invalid-request | /b/0/space
vector of another   | {"a": "x", "b": {"embedding": [1,2,3,4,5,6,7,8], "space": "y"}}          | 422 | space-mismatch  | space 'y'
base64 of 2 bytes   | {"a": "x", "b": {"embedding": "AAA=", "space": "<space>"}}               | 400 | invalid-request | multiple of 4
NaN in base64       | {"a": "x", "b": {"embedding": "<NaN>", "space": "<space>"}}              | 400 | invalid-request | component 0 is NaN
unequal pairs       | {"a": ["x"], "b": ["y", "z"], "mode": "pairs"}                           | 400 | invalid-request | /b
top_k of 0          | {"a": "x", "b": "y", "top_k": 0}                                         | 400 | invalid-request | /top_k
top_k of pairs      | {"a": "x", "b": "y", "mode": "pairs", "top_k": 1}                        | 400 | invalid-request | /top_k
chunks              | {"a": "x", "b": "y", "long_text": "chunks"}                              | 400 | invalid-request | /long_text
unknown mode        | {"a": "x", "b": "y", "mode": "all"}                                      | 400 | invalid-request | matrix, pairs
b missing           | {"a": "x"}                                                               | 400 | invalid-request | /b
empty text in b     | {"a": "x", "b": ["y", ""]}                                               | 422 | text-empty      | b[1]
1001 x 1000 scores  | {"a": [<1001 vectors>], "b": [<1000 vectors>]}                           | 400 | invalid-request | 1001000
""")
    void to_similarity(String name, String json, int status, String type, String says) {
        check(api.json("/similarity", expand(json)), status, type, says);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
"""
tokens of an image | {"inputs": {"image": "<image>"}}       | 400 | invalid-request | /inputs/0
tokens of nothing  | {"inputs": ["a", " "]}                 | 422 | text-empty      | inputs[1]
dimensions         | {"inputs": "a", "dimensions": 8}       | 400 | invalid-request | /dimensions
""")
    void to_tokenize(String name, String json, int status, String type, String says) {
        check(api.json("/tokenize", expand(json)), status, type, says);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
"""
text/plain                        | /embed          | {"inputs": "a"} | Accept: */*                  | 415 | unsupported-media-type | text/plain
application/json; charset=utf-16  | /embed          | {"inputs": "a"} | Accept: */*                  | 415 | unsupported-media-type | utf-16
image/png                         | /similarity     | IMG             | Accept: */*                  | 415 | unsupported-media-type | image/png
multipart/form-data               | /embed          | --B--           | Accept: */*                  | 415 | unsupported-media-type | boundary
application/json                  | /embed          | {"inputs": "a"} | Content-Encoding: br         | 415 | unsupported-media-type | br
application/json                  | /embed          | {"inputs": "a"} | Content-Encoding: gzip       | 400 | invalid-request        | gzip
application/json                  | /embed          | {"inputs": "a"} | Accept: text/html            | 406 | not-acceptable         | text/html
application/json                  | /embed          | {"inputs": "a"} | X-Request-Timeout-Ms: soon   | 400 | invalid-request        | X-Request-Timeout-Ms
application/json                  | /embed          | {"inputs": "a"} | X-Request-Timeout-Ms: 600001 | 400 | invalid-request        | 1..600000
application/json                  | /embed?task=x   | {"inputs": "a"} | Accept: */*                  | 400 | invalid-request        | task
image/png                         | /embed?tsk=x    | IMG             | Accept: */*                  | 400 | invalid-request        | /tsk
image/png                         | /embed?task=x   | IMG             | Accept: */*                  | 400 | invalid-request        | /task
image/avif                        | /embed          | AVIF            | Accept: */*                  | 415 | unsupported-media-type | AVIF
image/png                         | /embed          | PK              | Accept: */*                  | 422 | image-unreadable       | no known format
image/png                         | /embed          | HUGE            | Accept: */*                  | 413 | image-too-large        | 50000x50000
multipart/form-data; boundary=B   | /embed          | nothing         | Accept: */*                  | 400 | invalid-request        | boundary
multipart/form-data; boundary=B   | /embed          | --B--           | Accept: */*                  | 400 | invalid-request        | /inputs
""")
    void by_their_heads(
            String contentType,
            String path,
            String body,
            String header,
            int status,
            String type,
            String says) {
        String[] parts = header.split(": ", 2);
        HttpResponse<String> response =
                api.post(path, contentType, body.getBytes(UTF_8), parts[0], parts[1]);
        check(response, status, type, says);
    }

    @Test
    void of_more_bytes_than_the_limit_as_they_come_or_decompressed() throws IOException {
        byte[] body = new byte[33 << 20];
        check(api.post("/embed", MediaTypes.JSON, body), 413, "body-too-large", "33554432");
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            out.write(body);
        }
        check(
                api.post("/embed", MediaTypes.JSON, bomb.toByteArray(), "Content-Encoding", "gzip"),
                413,
                "body-too-large",
                "the decompressed body");
    }

    @Test
    void of_bytes_that_are_not_utf8() {
        byte[] body = "{\"inputs\": \"\u00e9\"}".getBytes(ISO_8859_1);
        check(api.post("/embed", MediaTypes.JSON, body), 400, "invalid-request", "UTF-8");
    }

    private static void check(HttpResponse<String> response, int status, String type, String says) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(response.body())
                .startsWith("{\"type\":\"/problems/" + type + "\"")
                .contains(expand(says))
                .doesNotContain("Exception");
        assertThat(api.json("/embed", "{\"inputs\": [\"next\"]}").statusCode()).isEqualTo(200);
    }

    private static String expand(String text) {
        return text.replace("<nothing>", "")
                .replace("<2 MB>", "a".repeat(2_000_000))
                .replace("<50 words>", "a ".repeat(50))
                .replace("<image>", IMAGE)
                .replace("<space>", FakeModel.SPACE)
                .replace("<NaN>", "AADAfwAAgD8AAIA/AACAPwAAgD8AAIA/AACAPwAAgD8=")
                .replace("<100 deep>", "[".repeat(100) + "]".repeat(100))
                .replace("<10000 texts>", String.join(",", Collections.nCopies(10_000, "\"a\"")))
                .replace("<1001 vectors>", String.join(",", Collections.nCopies(1001, STORED)))
                .replace("<1000 vectors>", String.join(",", Collections.nCopies(1000, STORED)));
    }
}
