package io.cospace.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.CheckpointException;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.checkpoint.TensorSource;
import io.cospace.export.graph.Families;
import io.cospace.export.graph.Part;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cospace inspect}: lists what a checkpoint holds, without loading or running it. */
@Command(
        name = "inspect",
        description = "List the tensors of a checkpoint and say which model it is.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "SOURCE",
            description =
                    "A .safetensors, .pt, .bin or .index.json file, or a folder that holds one.")
    private Path source = Path.of("");

    @Option(names = "--summary", description = "Print counts and families only, not every tensor.")
    private boolean summary;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Path file = Checkpoint.weights(source);
        try (TensorSource tensors = Checkpoint.open(file)) {
            Map<String, TensorInfo> infos = new LinkedHashMap<>();
            tensors.names().forEach(name -> infos.put(name, tensors.info(name)));
            if (!summary) {
                listTensors(out, infos);
            }
            count(out, infos);
            families(out, infos, config(file));
        }
        out.flush();
        return 0;
    }

    private static void listTensors(PrintWriter out, Map<String, TensorInfo> infos) {
        int width = infos.keySet().stream().mapToInt(String::length).max().orElse(0);
        infos.forEach((name, info) ->
                out.printf(
                        "%-" + Math.max(1, width) + "s  %-4s  %s%n",
                        name,
                        info.type(),
                        shape(info)));
    }

    private static String shape(TensorInfo info) {
        return LongStream.of(info.shape())
                .mapToObj(Long::toString)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static void count(PrintWriter out, Map<String, TensorInfo> infos) {
        long parameters = infos.values().stream().mapToLong(TensorInfo::elements).sum();
        long bytes = infos.values().stream().mapToLong(TensorInfo::bytes).sum();
        String types =
                infos.values().stream()
                        .map(info -> info.type().name())
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", "));
        out.printf(
                "%,d tensors, %,d parameters, %,d bytes, %s%n",
                infos.size(), parameters, bytes, types);
    }

    private static void families(PrintWriter out, Map<String, TensorInfo> infos, JsonNode config) {
        List<Part> parts;
        try {
            parts = Families.recognise(infos, config);
        } catch (IllegalArgumentException e) {
            out.println("recognised, but cannot be imported: " + e.getMessage());
            return;
        }
        if (parts.isEmpty()) {
            out.println("no known family");
        }
        for (Part part : parts) {
            long parameters = part.used().stream().mapToLong(n -> elements(infos, n)).sum();
            out.printf(
                    "%s: %s, %,d parameters in %,d tensors%n",
                    kind(part), part.description(), parameters, part.used().size());
        }
    }

    private static long elements(Map<String, TensorInfo> infos, String name) {
        TensorInfo info = infos.get(name);
        return info == null ? 0 : info.elements();
    }

    private static String kind(Part part) {
        return switch (part) {
            case Part.ImageTower image -> "image tower";
            case Part.TextTower text -> "text tower";
            case Part.Adapter adapter -> "adapter";
        };
    }

    /** The configuration beside the weights, which some families need to tell themselves apart. */
    private static JsonNode config(Path file) {
        Path config = file.resolveSibling("config.json");
        if (!Files.isRegularFile(config)) {
            return MissingNode.getInstance();
        }
        try {
            return JsonMapper.builder().build().readTree(Files.readAllBytes(config));
        } catch (IOException e) {
            throw new CheckpointException(config, "is not readable: " + e.getMessage(), e);
        }
    }
}
