package io.cospace.evaluate;

import io.cospace.evaluate.bench.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is sent. */
final class WorkloadOptions {
    private static final Pattern SHARED = Pattern.compile("(.+)=(\\d+(?:\\.\\d+)?)");

    @Option(
            names = "--workload",
            required = true,
            paramLabel = "FILE[=SHARE]",
            description = {
                "one request a line: a JSON array of texts or image files.",
                "Several are mixed: short.jsonl=3 and image.jsonl=1 are three requests to one"
            })
    private List<String> files = List.of();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "put the inputs of each file into requests of so many")
    private @Nullable Integer batch;

    Workload read() {
        return Workload.mixed(files.stream().map(this::part).toList());
    }

    private Workload.Part part(String file) {
        Matcher shared = SHARED.matcher(file);
        boolean named = shared.matches();
        Workload workload = Workload.read(Path.of(named ? shared.group(1) : file));
        return new Workload.Part(
                batch == null ? workload : workload.inBatchesOf(batch),
                named ? Double.parseDouble(shared.group(2)) : 1);
    }
}
