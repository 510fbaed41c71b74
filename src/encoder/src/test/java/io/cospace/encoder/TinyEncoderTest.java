package io.cospace.encoder;

import org.junit.jupiter.api.Nested;

/** The contract of encoders, held by the tiny bundle at both text precisions and layouts. */
class TinyEncoderTest {

    @Nested
    class PaddedTextAtFp32 extends TextContract {
        @Override
        Encoder open() {
            return TinyFixture.open("fp32");
        }
    }

    @Nested
    class PackedTextAtInt8 extends TextContract {
        @Override
        Encoder open() {
            return TinyFixture.open("int8");
        }
    }

    @Nested
    class ImageAtFp32 extends ImageContract {
        @Override
        Encoder open() {
            return TinyFixture.open("fp32");
        }
    }
}
