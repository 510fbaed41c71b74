package io.cospace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code cospace bench} over a fake model and a server that does nothing. */
@Timeout(60)
class BenchCommandTest {
    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private HttpServer server;
    private String url;

    @BeforeEach
    void prepare() throws IOException {
        Files.write(folder.resolve("1.jpg"), new byte[] {1});
        Files.writeString(
                folder.resolve("w.jsonl"), "[\"1\", \"2 is longer\"]\n[\"3\", \"1.jpg\"]\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/embed",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write(new byte[] {'[', ']'});
                    exchange.close();
                });
        server.start();
        url = "http://localhost:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void limit_runs_texts_and_images() throws IOException {
        assertThat(run("limit", "B", "--json")).isZero();
        JsonNode series = json().get("series").get(0);
        assertThat(series.get("name").asText()).isEqualTo("limit");
        assertThat(series.get("repeats").asInt()).isEqualTo(2);
        assertThat(series.at("/items_per_second/min").asDouble()).isPositive();
        assertThat(series.at("/cpu_ms_per_item/median").asDouble()).isPositive();
        assertThat(series.has("p50_ms")).isFalse();
    }

    @Test
    void load_runs_each_load_that_was_asked_for() throws IOException {
        assertThat(run("load", url, "-c", "1,2", "--rate", "100", "--json")).isZero();
        JsonNode series = json().get("series");
        assertThat(series)
                .extracting(s -> s.get("load").asText())
                .containsExactly("c=1", "c=2", "rate=100");
        assertThat(series).allMatch(s -> s.get("p99_ms").asDouble() > 0);
        assertThat(series).allMatch(s -> s.get("failed").asInt() == 0);
    }

    @Test
    void compare_prints_ratios() {
        String pid = String.valueOf(ProcessHandle.current().pid());
        assertThat(run("compare", url, "B", "-c", "2", "--pid", pid)).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("workload w"))
                .anyMatch(line -> line.startsWith(url + "/embed  c=2"))
                .anyMatch(line -> line.startsWith("limit"))
                .anyMatch(line ->
                        line.matches("c=2: .*/ limit, items/s = \\d+\\.\\d+ \\(95 %: .*; turns .*"))
                .anyMatch(line -> line.equals("c=2: latency counts from sending"))
                .anyMatch(line -> line.contains("items per CPU second"));
    }

    @Test
    void two_services_are_compared_by_name_and_drawn() throws IOException {
        String result = folder.resolve("r.json").toString();
        assertThat(run("compare", url, url, "-c", "1", "--names", "a,b", "--json", result))
                .isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("c=1: a / b, 1 / p99 = "));
        JsonNode ratio = read(result).at("/ratios/0");
        assertThat(ratio.get("first").asText()).isEqualTo("a");
        assertThat(ratio.get("low").asDouble()).isLessThanOrEqualTo(ratio.get("mean").asDouble());
        assertThat(read(result).at("/series/0/samples")).hasSize(2);
        assertThat(read(result).at("/series/0/bytes_in_per_item/median").asDouble()).isPositive();
        String page = folder.resolve("r.html").toString();
        assertThat(line().execute("bench", "chart", result, "--out", page)).isZero();
        assertThat(Files.readString(Path.of(page))).contains("<h2>Ratios</h2>", ">a<", ">b<");
        assertThat(line().execute("bench", "chart", result, "--out", "x.svg")).isEqualTo(2);
        assertThat(err.toString()).contains("an .svg is made of the JSON of one 'bench soak'");
    }

    @Test
    void a_soak_is_told_interval_by_interval() throws IOException {
        String result = folder.resolve("s.json").toString();
        assertThat(soak("--rate", "50", "--minutes", "0.02", "--every", "0.3", "--json", result))
                .isZero();
        assertThat(out.toString())
                .contains(
                        "from the planned arrival",
                        "refused, failed    0, 0",
                        " MB behind the first tenth");
        JsonNode intervals = read(result).get("intervals");
        assertThat(intervals.size()).isBetween(3, 6);
        assertThat(intervals).allSatisfy(i -> assertThat(i.has("resident_mb")).isTrue());
        String picture = folder.resolve("s.svg").toString();
        assertThat(line().execute("bench", "chart", result, "--out", picture)).isZero();
        assertThat(Files.readString(Path.of(picture))).startsWith("<svg ").contains("polyline");
        assertThat(soak("--minutes", "0.01", "--every", "0.2")).as("of its own capacity").isZero();
        assertThat(err.toString()).contains("requests a second for 0.01 minutes");
        assertThat(soak("--share", "0")).isEqualTo(2);
    }

    private int soak(String... arguments) {
        return line().execute(
                        Stream.concat(
                                        Stream.of(
                                                "bench",
                                                "soak",
                                                url,
                                                "--workload",
                                                folder.resolve("w.jsonl").toString(),
                                                "--pid",
                                                String.valueOf(ProcessHandle.current().pid())),
                                        Stream.of(arguments))
                                .toArray(String[]::new));
    }

    @Test
    void capacity_reads_measured_costs() throws IOException {
        String result = folder.resolve("l.json").toString();
        String pid = String.valueOf(ProcessHandle.current().pid());
        assertThat(run("load", url, "-c", "1,2", "--pid", pid, "--json", result)).isZero();
        assertThat(line().execute("bench", "capacity", result, "--cost", "t=2.5:100:200")).isZero();
        assertThat(out.toString()).contains("## t\n", "## w\n", "--cost 't=2.5:100:200'");
        assertThat(line().execute("bench", "capacity")).isEqualTo(2);
        assertThat(line().execute("bench", "capacity", "--cost", "t")).isEqualTo(2);
        assertThat(err.toString()).contains("--cost is t; must be NAME=MS or NAME=MS:IN:OUT");
        assertThat(line().execute("bench", "capacity", "none.json")).isEqualTo(1);
    }

    @Test
    void a_mixed_workload_and_another_format() {
        String half = folder.resolve("w.jsonl") + "=0.5";
        assertThat(run("load", url, "-c", "1", "--workload", half, "--format", "multipart"))
                .isZero();
        assertThat(out.toString()).startsWith("workload w x 0.5 + w x 1\n");
        assertThat(run("load", url, "-c", "1", "--format", "openai-image")).isEqualTo(1);
        assertThat(err.toString()).contains("format openai-image sends images, not texts");
    }

    @Test
    void says_what_is_wrong() {
        assertThat(run("load", url)).isEqualTo(2);
        assertThat(err.toString()).contains("which load: -c or --rate?");
        assertThat(run("load", url + "/none", "-c", "1")).isEqualTo(1);
        assertThat(err.toString()).contains("/none answers 404");
        assertThat(run("load", "ftp://x", "-c", "1")).isEqualTo(1);
        assertThat(run("limit", "B", "--threads", "0")).isEqualTo(1);
        assertThat(err.toString()).contains("cospace: wideThreads is 0; must be 1..1024");
        assertThat(line().execute("bench")).isEqualTo(2);
    }

    private JsonNode json() throws IOException {
        return JsonMapper.builder().build().readTree(out.toString());
    }

    private static JsonNode read(String file) throws IOException {
        return JsonMapper.builder().build().readTree(Path.of(file).toFile());
    }

    private CommandLine line() {
        CommandLine line = Main.commandLine(FakeModel.withTargets("null"));
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line;
    }

    private int run(String... arguments) {
        String workload = folder.resolve("w.jsonl").toString();
        List<String> fast =
                List.of(
                        "--workload",
                        workload,
                        "--seconds",
                        "0.2",
                        "--warm-up",
                        "0.1",
                        "--repeats",
                        "2");
        return line().execute(
                        Stream.concat(
                                        Stream.concat(Stream.of("bench"), Stream.of(arguments)),
                                        fast.stream())
                                .toArray(String[]::new));
    }
}
