package io.cospace.encoder.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.text.TextFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestJsonTest {

    @Test
    void reads_every_key() {
        Manifest manifest = read(Manifests.FULL.getBytes(UTF_8));

        assertThat(manifest.id()).isEqualTo("tiny/1");
        assertThat(manifest.truncatableTo()).containsExactly(4);
        assertThat(manifest.score()).isEqualTo(Manifest.Score.SIGMOID);
        assertThat(manifest.image().preprocessing().resize())
                .isEqualTo(Preprocessing.Resize.SQUASH);
        assertThat(manifest.text().pooling()).isEqualTo(TextFormat.Pooling.MEAN);
        assertThat(manifest.text().wrap()).isEqualTo(new TextFormat.Wrap("<", ">", true));
        Manifest.Graph int8 = manifest.precisions().text().graph("int8");
        assertThat(int8.inputs()).isEqualTo(Manifest.TextInputs.PACKED);
        assertThat(int8.cosineToFp32()).isEqualTo(new Manifest.Cosine(0.99, 0.995));
        assertThat(manifest.files()).containsKeys("text.fp32.onnx", "tokenizer.json");
    }

    @Test
    void writes_the_bytes_that_it_read() {
        assertThat(new String(ManifestJson.write(read(Manifests.FULL.getBytes(UTF_8))), UTF_8))
                .isEqualTo(Manifests.FULL);
    }

    @Test
    void later_parts_may_be_absent() {
        Manifest full = read(Manifests.FULL.getBytes(UTF_8));
        Manifest least =
                new Manifest(
                        1,
                        full.name(),
                        full.version(),
                        full.space(),
                        8,
                        full.truncatableTo(),
                        full.score(),
                        1,
                        0,
                        full.image(),
                        full.text(),
                        full.precisions(),
                        null,
                        null,
                        full.files(),
                        "MIT",
                        full.created());

        assertThat(read(ManifestJson.write(least))).isEqualTo(least);
    }

    /**
     * One line a fault: what is replaced in a good manifest, by what, and what the message must
     * say.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    "pooling" : "mean",  ; "pooling" : "mean", "pool" : 1, ; text.pool: unknown key; known are [max_tokens, pooling, prompts, wrap]
                    "license" : "MIT",   ; "license" : null,    ; license:
                    "MIT"                ; ["MIT"]              ; license:
                    "license" : "MIT",   ; ``                   ; license: missing
                    "dimensions" : 8     ; "dimensions" : "8"   ; dimensions:
                    "dimensions" : 8     ; "dimensions" : 8.5   ; dimensions:
                    "dimensions" : 8     ; "dimensions" : null  ; dimensions:
                    "dimensions" : 8     ; "dimensions" : 0     ; dimensions is 0; must be 1..65536
                    "version" : "1"      ; "version" : 1        ; version:
                    "name" : "tiny"      ; "name" : "Tiny"      ; name is Tiny; must be lower case letters
                    "format" : 1         ; "format" : 2         ; format is 2; must be 1
                    "squash"             ; "stretch"            ; image.preprocessing.resize:
                    "squash"             ; "SQUASH"             ; image.preprocessing.resize:
                    "pooling" : "mean"   ; "pooling" : 0        ; text.pooling:
                    "cpu" : "int8"       ; "cpu" : "int4"       ; defaults.cpu is int4; must be one of [fp32, int8]
                    "cpu" : "fp32"       ; "cuda" : "fp32"      ; must hold cpu
                    4                    ; 9                    ; truncatable_to is 9; must be 1..7
                    "inputs" : "padded"  ; "cosine_to_fp32" : {"min" : 1, "mean" : 1} ; text.fp32.onnx inputs is missing; must be padded or packed
                    "tokenizer.json" : { ; "tokens.json" : {    ; must list tokenizer.json
                    "self-test.json" : { ; "selftest.json" : {  ; must list self-test.json
                    "file" : "text.int8.onnx" ; "file" : "text.onnx" ; must list text.onnx
                    "text.fp32.onnx" : { ; "../x.onnx" : {      ; files is ../x.onnx; must be a plain file name
                    "text.fp32.onnx" : { ; "/etc/passwd" : {    ; files is /etc/passwd; must be a plain file name
                    "threshold" : [      ; "threshold" : [ 1,   ; max and threshold is 8 values; must be as many as min has: 8
                    "dimensions" : 8     ; "dimensions" : 9     ; calibration is 8 values; must be 9
                    "bytes" : 12         ; "bytes" : -1         ; bytes is -1; must not be negative
                    "format" : 1,        ; "format" : 1, "format" : 1, ; Duplicate field 'format'
                    "license" : "MIT",   ; "license" : "MIT"    ; manifest.json: is not JSON
                    """)
    void refuses(String piece, String replacement, String message) {
        assertThatThrownBy(() -> read(Manifests.with(piece, replacement)))
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith("manifest.json: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {"``", "[]", "null", "{} {}", "\u0000"})
    void refuses_what_is_no_manifest_at_all(String json) {
        assertThatThrownBy(() -> read(json.getBytes(UTF_8)))
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith("manifest.json: ");
    }

    @Test
    void a_tower_names_the_precisions_that_it_has() {
        Manifest manifest = read(Manifests.FULL.getBytes(UTF_8));

        assertThatThrownBy(() -> manifest.precisions().text().graph("fp16"))
                .isInstanceOf(BundleException.class)
                .hasMessage("manifest.json: precision is fp16; must be one of [fp32, int8]");
    }

    private static Manifest read(byte[] json) {
        return ManifestJson.read("manifest.json", json, Manifest.class);
    }
}
