package io.cospace.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.service.embedding.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    private static Buffer frame(int length, int seed, boolean compressed) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return Buffer.buffer()
                .appendByte((byte) (compressed ? 1 : 0))
                .appendInt(length)
                .appendBytes(bytes);
    }

    private static List<Frame> drain(FrameReader reader) {
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = reader.poll(); frame != null; frame = reader.poll()) {
            frames.add(frame);
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 64, 1_000, 16_384, 1_000_000})
    void cuts_messages_out_of_chunks_of_any_size(int chunk) {
        int[] lengths = {0, 1, 5, 4_096, 4_097, 100_000, 0, 3};
        Buffer stream = Buffer.buffer();
        for (int i = 0; i < lengths.length; i++) {
            stream.appendBuffer(frame(lengths[i], i, i % 2 == 1));
        }
        FrameReader reader = new FrameReader(100_000);
        List<Frame> frames = new ArrayList<>();
        for (int at = 0; at < stream.length(); at += chunk) {
            reader.add(stream.getBuffer(at, Math.min(stream.length(), at + chunk)));
            frames.addAll(drain(reader));
        }

        assertThat(reader.isInside()).isFalse();
        assertThat(reader.isEmpty()).isTrue();
        assertThat(frames).hasSize(lengths.length);
        for (int i = 0; i < lengths.length; i++) {
            assertThat(frames.get(i).bytes())
                    .isEqualTo(frame(lengths[i], i, false).getBytes(5, 5 + lengths[i]));
            assertThat(frames.get(i).compressed()).isEqualTo(i % 2 == 1);
        }
    }

    @Test
    void a_message_that_is_not_whole_is_not_handed_out() {
        FrameReader reader = new FrameReader(100);
        reader.add(frame(10, 1, false).getBuffer(0, 14));

        assertThat(reader.poll()).isNull();
        assertThat(reader.isInside()).isTrue();
        assertThat(reader.isEmpty()).isTrue();
    }

    @Test
    void an_announced_length_above_the_limit_is_refused_before_any_of_it_comes() {
        FrameReader reader = new FrameReader(100);

        assertThatThrownBy(() -> reader.add(frame(101, 1, false).getBuffer(0, 5)))
                .isInstanceOf(ProblemException.class)
                .hasMessage("the message is larger than 100 bytes");
    }

    @Test
    void a_length_of_four_gigabytes_is_no_negative_number() {
        FrameReader reader = new FrameReader(Integer.MAX_VALUE);
        Buffer head = Buffer.buffer().appendByte((byte) 0).appendInt(-1);

        assertThatThrownBy(() -> reader.add(head)).isInstanceOf(ProblemException.class);
    }

    @Test
    void the_announcement_alone_takes_no_memory() {
        List<FrameReader> readers = new ArrayList<>();
        Buffer head = Buffer.buffer().appendByte((byte) 0).appendInt(1 << 30);
        for (int i = 0; i < 10_000; i++) {
            FrameReader reader = new FrameReader(1 << 30);
            reader.add(head);
            readers.add(reader);
        }

        assertThat(readers).allMatch(FrameReader::isInside);
    }
}
