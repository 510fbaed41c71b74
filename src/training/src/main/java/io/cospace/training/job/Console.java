package io.cospace.training.job;

import io.cospace.training.align.StepReport;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;

/** Tells how a run goes: a bar on a terminal, a line now and then elsewhere. */
final class Console {
    private static final int WIDTH = 24;
    private static final int LINES_A_STAGE = 10;
    private static final long EVERY_NANOS = 200_000_000;

    private final PrintWriter out;
    private final boolean terminal;
    private String stage = "";
    private long started;
    private long first;
    private long shown;

    Console(PrintWriter out) {
        this.out = out;
        this.terminal =
                Optional.ofNullable(System.console())
                        .map(java.io.Console::isTerminal)
                        .orElse(false);
    }

    void line(String text) {
        out.println((terminal ? "\r\u001b[K" : "") + text);
        out.flush();
    }

    void step(StepReport report) {
        long now = System.nanoTime();
        if (!report.stage().equals(stage)) {
            stage = report.stage();
            started = now;
            first = report.step();
        }
        boolean last = report.step() + 1 == report.steps();
        long each = Math.max(1, report.steps() / LINES_A_STAGE);
        if (terminal && now - shown > EVERY_NANOS) {
            shown = now;
            out.print("\r\u001b[K" + bar(report) + " " + facts(report, now));
            out.flush();
        }
        if (last || (!terminal && (report.step() + 1) % each == 0)) {
            line(
                    "%s %d/%d %s"
                            .formatted(
                                    stage, report.step() + 1, report.steps(), facts(report, now)));
        }
    }

    private String bar(StepReport report) {
        int filled = (int) (WIDTH * (report.step() + 1) / report.steps());
        return "%s [%s%s] %d/%d"
                .formatted(
                        stage,
                        "#".repeat(filled),
                        ".".repeat(WIDTH - filled),
                        report.step() + 1,
                        report.steps());
    }

    /** Rows a second, time left, loss. */
    private String facts(StepReport report, long now) {
        double seconds = (now - started) / 1e9;
        long done = report.step() - first;
        double rate = done == 0 || seconds == 0 ? 0 : done / seconds;
        double left = rate == 0 ? 0 : (report.steps() - report.step() - 1) / rate;
        return String.format(
                Locale.ROOT,
                "loss %.4f, %.0f rows/s, %.0f s left",
                report.loss(),
                rate * report.rows(),
                left);
    }
}
