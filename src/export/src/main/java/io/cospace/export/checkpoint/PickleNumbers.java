package io.cospace.export.checkpoint;

import java.math.BigInteger;

/**
 * Numbers as pickle's opcodes spell them: {@link Long}, or {@link BigInteger} if it is too small.
 */
record PickleNumbers(PickleInput in) {
    /** A number in decimal digits, perhaps with Python 2's L; 00 and 01 are its booleans. */
    Object integer(String text) {
        String digits = text.endsWith("L") ? text.substring(0, text.length() - 1) : text;
        if (text.equals("00") || text.equals("01")) {
            return text.equals("01");
        }
        if (!digits.matches("[+-]?[0-9]{1,400}")) {
            throw in.bad("\"" + text + "\" where a whole number should be");
        }
        return fitted(new BigInteger(digits));
    }

    /** A number in two's complement. */
    static Object integer(byte[] littleEndian) {
        if (littleEndian.length == 0) {
            return 0L;
        }
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
        }
        return fitted(new BigInteger(bigEndian));
    }

    private static Object fitted(BigInteger value) {
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    /** A floating-point number in decimal digits. */
    double real(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw in.bad("\"" + text + "\" where a number should be");
        }
    }
}
