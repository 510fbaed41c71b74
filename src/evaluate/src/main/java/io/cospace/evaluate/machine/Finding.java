package io.cospace.evaluate.machine;

/**
 * One line of a check-up.
 *
 * @param name what was looked at
 * @param level how it stands
 * @param detail what was found, and where it stands badly what to do
 */
public record Finding(String name, Level level, String detail) {
    /** From good to bad. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Works, but slower or less than it could. */
        NOTE,
        /** Does not work. */
        FAILED
    }

    /** As it should be. */
    public static Finding ok(String name, String detail) {
        return new Finding(name, Level.OK, detail);
    }

    /** Works, but could be better. */
    public static Finding note(String name, String detail) {
        return new Finding(name, Level.NOTE, detail);
    }

    /** Does not work. */
    public static Finding failed(String name, String detail) {
        return new Finding(name, Level.FAILED, detail);
    }
}
