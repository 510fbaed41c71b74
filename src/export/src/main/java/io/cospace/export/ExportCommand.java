package io.cospace.export;

import io.cospace.export.recipe.DefaultModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cospace export}: the default model out of its ingredients. */
@Command(
        name = "export",
        description = {
            "Makes the default model out of its ingredients, in closed form: whitened text vectors, class targets, one"
                    + " rotation. The same ingredients give the same bytes.",
            "Reads about 32,000 texts and 9,000 pictures: some minutes on two cores."
        },
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    @Option(
            names = "--ingredients",
            required = true,
            paramLabel = "DIR",
            description = "Folder with text, image and pairs, each with its README.")
    private @Nullable Path ingredients;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "models/NAME/VERSION",
            description = "Folder of the new bundle; must not exist.")
    private @Nullable Path out;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description =
                    "Keeps the vectors of both networks here between runs; the bundle is the same without.")
    private @Nullable Path cache;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        DefaultModel.Request request =
                new DefaultModel.Request(
                        given(ingredients), given(out), cache, Created.fromEnvironment());
        Path made = new DefaultModel(request, given(spec).commandLine().getErr()::println).make();
        given(spec).commandLine().getOut().println(made);
        return 0;
    }

    private static <T> T given(@Nullable T option) {
        if (option == null) {
            throw new IllegalStateException(
                    "This is a bug: picocli did not insist on a required option");
        }
        return option;
    }
}
