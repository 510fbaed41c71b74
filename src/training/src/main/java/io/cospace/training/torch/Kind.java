package io.cospace.training.torch;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Type of a tensor's elements. */
public enum Kind {
    F32(ScalarType.Float),
    F64(ScalarType.Double),
    /** Only inside autocast; parameters and losses stay in {@link #F32}. */
    BF16(ScalarType.BFloat16),
    I64(ScalarType.Long),
    U8(ScalarType.Byte),
    BOOL(ScalarType.Bool);

    private final ScalarType type;

    Kind(ScalarType type) {
        this.type = type;
    }

    ScalarType type() {
        return type;
    }

    static Kind of(ScalarType type) {
        for (Kind kind : values()) {
            if (kind.type == type.intern()) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no use for tensors of type " + type);
    }
}
