package io.cospace.export.checkpoint;

import static io.cospace.export.checkpoint.Fixtures.golden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckpointTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"traps_zip.pt", "traps_legacy.pt", "traps_model_module.pt"})
    void reads_views_wrappers_and_types_of_every_pickle(String name) throws IOException {
        try (Safetensors expected = Safetensors.open(golden("pickle/expected.safetensors"));
                TensorSource found = Checkpoint.open(golden("pickle/" + name))) {
            assertThat(found.names()).containsExactlyInAnyOrderElementsOf(expected.names());
            for (String tensor : expected.names()) {
                assertThat(found.info(tensor)).as(tensor).isEqualTo(expected.info(tensor));
                assertThat(found.raw(tensor)).as(tensor).isEqualTo(expected.raw(tensor));
                assertThat(found.floats(tensor)).as(tensor).isEqualTo(expected.floats(tensor));
                ByteArrayOutputStream copy = new ByteArrayOutputStream();
                found.copy(tensor, Channels.newChannel(copy));
                assertThat(ByteBuffer.wrap(copy.toByteArray())).isEqualTo(expected.raw(tensor));
            }
            float[] middle = new float[3];
            found.read("slice_cols", 2, middle);
            float[] whole = expected.floats("slice_cols");
            assertThat(middle).containsExactly(whole[2], whole[3], whole[4]);
            assertThat(found.longs("i64")).containsExactly(-3, -2, -1, 0, 1, 2, 3);
        }
    }

    @Test
    void reads_a_torchscript_archive_as_the_same_numbers_as_two_other_spellings() {
        try (TensorSource script = open("image/openai_vit/openai_torchscript.pt");
                TensorSource custom = open("image/openai_vit/open_clip_custom_text.safetensors");
                TensorSource hf = open("image/openai_vit/hf_vision")) {
            assertThat(script.names()).contains("input_resolution", "context_length", "vocab_size");
            Set<String> compared = new TreeSet<>();
            for (String name : custom.names()) {
                String openAi = name.replaceFirst("^text\\.", "");
                assertThat(script.floats(openAi)).as(name).isEqualTo(custom.floats(name));
                compared.add(openAi);
            }
            assertThat(script.names().size() - compared.size()).isEqualTo(3);
            assertThat(script.floats("visual.conv1.weight"))
                    .isEqualTo(hf.floats("vision_model.embeddings.patch_embedding.weight"));
            String attention = "vision_model.encoder.layers.1.self_attn.";
            float[] packed = script.floats("visual.transformer.resblocks.1.attn.in_proj_weight");
            float[] third = new float[packed.length / 3];
            for (int i = 0; i < 3; i++) {
                String part = List.of("q", "k", "v").get(i);
                System.arraycopy(packed, i * third.length, third, 0, third.length);
                assertThat(third).isEqualTo(hf.floats(attention + part + "_proj.weight"));
            }
        }
    }

    @Test
    void reads_the_flat_legacy_file_of_an_adapter() {
        try (TensorSource adapter = open("adapter/proclip/ProCLIP_tiny_legacy.pt")) {
            assertThat(adapter.names()).contains("logit_scale", "text.text_adaptor.0.fn.0.weight");
            assertThat(adapter.info("text.text_adaptor.0.fn.0.weight").rank()).isEqualTo(2);
        }
    }

    @Test
    void joins_shards_by_their_index() {
        try (TensorSource shards = open("text/llama_causal_scaled");
                TensorSource first =
                        open("text/llama_causal_scaled/model-00001-of-00002.safetensors")) {
            long parameters =
                    shards.names().stream().mapToLong(n -> shards.info(n).elements()).sum();
            assertThat(parameters).isEqualTo(147776);
            assertThat(shards.floats("model.embed_tokens.weight"))
                    .isEqualTo(first.floats("model.embed_tokens.weight"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"weight_map":{"a":"none.safetensors"}} | no such file
                    {"weight_map":{"a":"../one.safetensors"}} | not a file beside it
                    {"weight_map":{"b":"one.safetensors"}} | tensor b is not in one.safetensors
                    {"weight_map":{"a":"one.safetensors","b":"two.safetensors"}} | lies in two shards
                    {"weight_map":{"a":7}} | weight_map.a is not a file name
                    {"weight_map":{}} | no weight_map
                    {"weight_map | not a readable index
                    """)
    void refuses_an_index_that_its_shards_do_not_fit(String json, String message)
            throws IOException {
        for (String shard : List.of("one", "two")) {
            new SafetensorsWriter()
                    .add("a", new float[1], 1)
                    .write(folder.resolve(shard + ".safetensors"));
        }
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, json);
        assertThatThrownBy(() -> Checkpoint.open(folder).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
    }

    @Test
    void merges_a_low_rank_adapter() {
        String name = "layers.0.self_attn.q_proj.weight";
        try (TensorSource base = open("text/llama_bidirectional");
                LoraTensors merged = LoraTensors.merge(base, golden("text/llama_lora"));
                TensorSource io = open("text/llama_lora/io.safetensors")) {
            float[] expected = io.floats("merged." + name);
            float[] found = merged.floats(name);
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i], within(1e-7f));
            }
            float[] part = new float[100];
            merged.read(name, 1000, part);
            for (int i = 0; i < part.length; i++) {
                assertThat(part[i]).isEqualTo(found[1000 + i]);
            }
            assertThat(merged.raw(name).getFloat(400)).isEqualTo(found[100]);
            assertThat(merged.info(name).type()).isEqualTo(DataType.F32);
            assertThat(merged.merged()).hasSize(14);
            assertThat(merged.floats("norm.weight")).isEqualTo(base.floats("norm.weight"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "peft_type": "LORA" | "peft_type": "IA3" | peft_type is "IA3"
                    "bias": "none" | "bias": "all" | bias is "all"
                    "bias": "none" | "use_dora": true | use_dora is true
                    "r": 4 | "r": 8 | has rank 4, the configuration says 8
                    """)
    void refuses_an_adapter_whose_sum_is_another_one(String from, String to, String message)
            throws IOException {
        Path source = golden("text/llama_lora");
        Files.copy(
                source.resolve("adapter_model.safetensors"),
                folder.resolve("adapter_model.safetensors"));
        String config = Files.readString(source.resolve("adapter_config.json"));
        Files.writeString(folder.resolve("adapter_config.json"), config.replace(from, to));
        try (TensorSource base = open("text/llama_bidirectional")) {
            assertThatThrownBy(() -> LoraTensors.merge(base, folder).close())
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void refuses_an_adapter_of_another_model_and_lists_what_does_not_match() {
        try (TensorSource base = open("pickle/traps_zip.pt")) {
            assertThatThrownBy(() -> LoraTensors.merge(base, golden("text/llama_lora")).close())
                    .hasMessageContaining("layers.1.mlp.up_proj.lora_B.weight");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    cposix\\nsystem\\n(U\\002lstR. | the name posix.system is not allowed
                    cbuiltins\\neval\\n. | builtins.eval is not allowed
                    ctorch\\nload\\n. | torch.load is not allowed
                    c__torch__.a\\nB\\n)R. | __torch__.a.B cannot be called
                    ios\\nsystem\\n. | opcode 0x69 'i' is not allowed
                    }U\\001aU\\001bs. | holds no tensors
                    a. | value is missing
                    h\\001. | memo 1 was never stored
                    U\\377abc | ends where 255 more bytes
                    """)
    void refuses_a_pickle_that_wants_more_than_weights(String pickle, String message)
            throws IOException {
        byte[] magic = legacyStart();
        byte[] body = pickle.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(magic);
        file.write(body);
        file.write("].".getBytes(StandardCharsets.ISO_8859_1));
        Path path = Files.write(folder.resolve("evil.pt"), file.toByteArray());
        assertThatThrownBy(() -> Checkpoint.open(path).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("evil.pt")
                .hasMessageContaining(message);
    }

    @Test
    void refuses_a_tensor_that_leaves_its_storage_or_unfolds_without_bound() {
        Path file = folder.resolve("x");
        var storage = MemorySegment.ofArray(new byte[40]);
        TensorInfo square = new TensorInfo(DataType.F32, 3, 3);
        TensorInfo huge = new TensorInfo(DataType.F32, 1L << 20, 1L << 20);
        assertThatThrownBy(() -> view(file, square, storage, 2, 3, 1))
                .hasMessageContaining("leaves its storage of 10 elements");
        assertThatThrownBy(() -> view(file, square, storage, 0, Long.MAX_VALUE, 1))
                .hasMessageContaining("leaves its storage");
        assertThatThrownBy(() -> view(file, square, storage, 5, -1, 1))
                .hasMessageContaining("leaves its storage");
        assertThatThrownBy(() -> view(file, square, storage, 0, 1))
                .hasMessageContaining("2 dimensions and 1 strides");
        assertThatThrownBy(() -> view(file, huge, storage, 0, 0, 0))
                .hasMessageContaining("repeats a storage");
        assertThat(view(file, square, storage, 1, 3, 1).floats()).hasSize(9);
    }

    @Test
    void names_a_folder_without_weights() {
        assertThatThrownBy(() -> Checkpoint.open(folder).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors");
    }

    private static TensorView view(
            Path file, TensorInfo info, MemorySegment storage, long offset, long... stride) {
        return TensorView.strided(file, "t", info, storage, offset, stride);
    }

    /** The three pickles that begin a file of the older torch.save. */
    private static byte[] legacyStart() throws IOException {
        byte[] golden = Files.readAllBytes(golden("pickle/traps_legacy.pt"));
        int systemInformationEnd = 137;
        ByteBuffer start = ByteBuffer.wrap(golden, 0, systemInformationEnd);
        assertThat(start.order(ByteOrder.LITTLE_ENDIAN).get(systemInformationEnd - 1))
                .isEqualTo((byte) '.');
        byte[] bytes = new byte[systemInformationEnd];
        start.get(bytes);
        return bytes;
    }

    private static TensorSource open(String name) {
        return Checkpoint.open(golden(name));
    }
}
