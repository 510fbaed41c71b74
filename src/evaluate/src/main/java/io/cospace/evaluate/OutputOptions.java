package io.cospace.evaluate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where results go: a table to the standard output, JSON to a file or instead of the table. */
final class OutputOptions {
    private static final String STANDARD_OUTPUT = "-";

    @Option(
            names = "--json",
            arity = "0..1",
            fallbackValue = STANDARD_OUTPUT,
            paramLabel = "FILE",
            description = {
                "write the results as JSON to FILE besides printing the table;",
                "without FILE: print JSON instead"
            })
    private @Nullable String json;

    /**
     * Prints and writes.
     *
     * @throws EvaluationException if the file cannot be written
     */
    void print(CommandSpec spec, Supplier<ObjectNode> result, Supplier<String> table) {
        if (STANDARD_OUTPUT.equals(json)) {
            spec.commandLine().getOut().println(Report.pretty(result.get()));
            return;
        }
        if (json != null) {
            write(Path.of(json), Report.pretty(result.get()) + "\n");
        }
        spec.commandLine().getOut().println(table.get());
    }

    /**
     * Writes a text file.
     *
     * @throws EvaluationException if it cannot be written
     */
    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new EvaluationException(file + " cannot be written: " + e);
        }
    }
}
