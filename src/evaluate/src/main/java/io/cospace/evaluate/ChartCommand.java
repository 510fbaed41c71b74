package io.cospace.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.evaluate.chart.Chart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cospace bench chart}: a page from results. */
@Command(
        name = "chart",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "One HTML page from the JSON of any number of runs: items a second, latency, ratios,",
            "soaks over time. It needs no network. A soak alone can be an .svg picture too."
        })
final class ChartCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "written by --json FILE")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = ".html, or .svg for a single soak")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, JsonNode> results = new LinkedHashMap<>();
        files.forEach(file -> results.put(file.toString(), read(file)));
        boolean picture = out.toString().endsWith(".svg");
        JsonNode first = results.values().iterator().next();
        if (picture && (results.size() > 1 || !first.path("kind").asText().equals("soak"))) {
            throw new ParameterException(
                    spec.commandLine(), "an .svg is made of the JSON of one 'bench soak'");
        }
        try {
            OutputOptions.write(out, picture ? Chart.svg(first) : Chart.html(results));
        } catch (IllegalArgumentException e) {
            throw new EvaluationException(String.valueOf(e.getMessage()));
        }
        spec.commandLine().getOut().println(out);
        return 0;
    }

    /**
     * Reads a result.
     *
     * @throws EvaluationException if it cannot be read or is no JSON
     */
    static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new EvaluationException(file + " is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new EvaluationException(file + " cannot be read: " + e);
        }
    }
}
