package io.cospace.training.job;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.training.align.StepReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The folder of one run, {@code RUNS/RECIPE-SEED-NNN}: {@code config.yaml} (in effect), {@code
 * metrics.csv} (a row a step and figure: {@code stage,step,name,value}), {@code checkpoints}, at
 * the end {@code run.json} and {@code report.html}. A new run gets a new folder; a run that was
 * killed goes on in its own.
 */
record RunFolder(Path path) {
    private static final int MOST = 999;

    /** A new folder; never one that is there. */
    static RunFolder create(JobConfig config) {
        String name =
                config.recipe().recipe().name().toLowerCase(Locale.ROOT).replace('_', '-')
                        + "-"
                        + config.recipe().seed();
        try {
            Files.createDirectories(config.runs());
            for (int i = 1; i <= MOST; i++) {
                Path path = config.runs().resolve("%s-%03d".formatted(name, i));
                if (made(path)) {
                    Files.writeString(path.resolve("config.yaml"), config.yaml());
                    Files.createDirectory(path.resolve("checkpoints"));
                    return new RunFolder(path);
                }
            }
        } catch (IOException e) {
            throw new JobException(config.runs() + ": cannot be written: " + e.getMessage(), e);
        }
        throw new JobException(config.runs() + " holds " + MOST + " runs of " + name);
    }

    /** False where an earlier run has the name. */
    private static boolean made(Path path) throws IOException {
        try {
            Files.createDirectory(path);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** The folder of a run that was broken off. */
    static RunFolder of(Path path) {
        if (!Files.isRegularFile(path.resolve("config.yaml"))) {
            throw new JobException(path + ": no run: it has no config.yaml");
        }
        if (Files.exists(path.resolve("run.json"))) {
            throw new JobException(path + ": this run is complete");
        }
        return new RunFolder(path);
    }

    Path config() {
        return path.resolve("config.yaml");
    }

    Path checkpoints() {
        return path.resolve("checkpoints");
    }

    void write(String name, String content) {
        try {
            Files.writeString(path.resolve(name), content);
        } catch (IOException e) {
            throw new JobException(path.resolve(name) + ": cannot be written", e);
        }
    }

    void json(String name, ObjectNode node) {
        try {
            write(
                    name,
                    JsonMapper.builder()
                            .build()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(node));
        } catch (IOException e) {
            throw new IllegalStateException("this is a bug: a tree is always JSON", e);
        }
    }

    /** Appends steps to {@code metrics.csv}; those on record from before a kill are not doubled. */
    static final class Metrics implements AutoCloseable {
        private final BufferedWriter out;
        private final Set<String> known = new HashSet<>();

        Metrics(RunFolder folder) {
            Path file = folder.path.resolve("metrics.csv");
            try {
                if (Files.exists(file)) {
                    for (String line : Files.readAllLines(file)) {
                        String[] fields = line.split(",", 3);
                        known.add(fields[0] + "," + (fields.length > 1 ? fields[1] : ""));
                    }
                }
                out =
                        Files.newBufferedWriter(
                                file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                if (known.isEmpty()) {
                    out.write("stage,step,name,value\n");
                }
            } catch (IOException e) {
                throw new JobException(file + ": cannot be written: " + e.getMessage(), e);
            }
        }

        void step(StepReport report) {
            if (!known.add(report.stage() + "," + report.step())) {
                return;
            }
            put(report, "loss", report.loss());
            report.parts().forEach((name, value) -> put(report, name, value));
            put(report, "learning_rate_share", report.rate());
            put(report, "gradient_length", report.gradientLength());
            put(report, "scale", report.scale());
        }

        private void put(StepReport report, String name, double value) {
            try {
                out.write("%s,%d,%s,%s%n".formatted(report.stage(), report.step(), name, value));
                out.flush();
            } catch (IOException e) {
                throw new JobException("metrics.csv: cannot be written: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw new JobException("metrics.csv: cannot be written: " + e.getMessage(), e);
            }
        }
    }
}
