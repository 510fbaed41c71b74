package io.cospace.evaluate;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.IntConsumer;
import picocli.CommandLine.Model.CommandSpec;

/** A counter on the terminal's last line, at most ten times a second; silent elsewhere. */
final class Progress implements IntConsumer, AutoCloseable {
    private static final long EVERY_NANOS = 100_000_000;

    private final PrintWriter to;
    private final String what;
    private final boolean visible;
    private long last = System.nanoTime();
    private boolean shown;

    private Progress(PrintWriter to, String what, boolean visible) {
        this.to = to;
        this.what = what;
        this.visible = visible;
    }

    /** Prints to the command's error stream when a person looks at it. */
    static Progress of(CommandSpec spec, String what) {
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return new Progress(spec.commandLine().getErr(), what, terminal);
    }

    @Override
    public void accept(int done) {
        long now = System.nanoTime();
        if (visible && now - last > EVERY_NANOS) {
            last = now;
            shown = true;
            to.print("\r" + what + " " + done);
            to.flush();
        }
    }

    /** Clears the line. */
    @Override
    public void close() {
        if (shown) {
            to.print("\r" + " ".repeat(what.length() + 12) + "\r");
            to.flush();
        }
    }
}
