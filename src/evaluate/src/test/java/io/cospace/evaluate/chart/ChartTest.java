package io.cospace.evaluate.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

class ChartTest {
    private static final String RUN =
            """
            {"kind": "bench", "date": "2026-11-28T00:00:00Z", "processors": 2, "workload": "w<1>",
             "series": [
              {"name": "ours", "load": "c=8", "repeats": 3, "noisy_repeats": 2,
               "items_per_second": {"median": 400, "min": 300, "max": 500},
               "p50_ms": 10, "p90_ms": 20, "p99_ms": 50, "p99_9_ms": 90, "refused": 0, "failed": 1},
              {"name": "limit", "load": "c=8", "repeats": 3, "noisy_repeats": 0,
               "items_per_second": {"median": 500, "min": 500, "max": 500}}],
             "ratios": [{"load": "c=8", "first": "ours", "second": "limit", "figure": "items/s",
               "mean": 0.8, "low": 0.7, "high": 0.9, "median": 0.8, "min": 0.6, "max": 1}]}
            """;
    private static final String SOAK =
            """
            {"kind": "soak", "date": "d", "processors": 2, "workload": "w", "name": "n", "load": "rate=10",
             "refused": 0, "failed": 3, "p50_ms": 4, "p99_ms": 9, "p99_9_ms": 11,
             "intervals": [
              {"end": 60, "resident_mb": 500, "items_per_second": 10, "p50_ms": 4, "p99_ms": 8, "failed": 0, "refused": 0},
              {"end": 120, "resident_mb": 1000, "items_per_second": 10, "p50_ms": 4, "p99_ms": 9, "failed": 3, "refused": 0}]}
            """;

    @Test
    void bars_are_as_long_as_their_figures() throws IOException {
        String html = Chart.html(Map.of("a.json", json(RUN)));
        assertThat(html)
                .contains("<i class=\"bar\" style=\"width:80.00%\">")
                .contains("<i class=\"whisk\" style=\"left:60.00%;width:40.00%\">")
                .contains("<i class=\"bar\" style=\"width:100.00%\">")
                .contains("2 of 3 noisy")
                // 10 ms is the lower end of two decades, 50 ms lies at log10(5) of the first.
                .contains("class=\"dot\" title=\"p50 10.0 ms\" style=\"left:0.00%\"")
                .contains("class=\"dot late\" title=\"p99 50.0 ms\" style=\"left:69.90%\"")
                .contains("<b>0.80</b> (0.70..0.90)");
    }

    @Test
    void a_page_needs_nothing_from_elsewhere_and_shows_texts_as_they_are() throws IOException {
        String html = Chart.html(Map.of("a.json", json(RUN), "s.json", json(SOAK)));
        assertThat(html)
                .contains("w&lt;1&gt;")
                .doesNotContain("w<1>", "http://", "https://", "src=", "<script", "@import")
                .contains("prefers-color-scheme:dark", "width=device-width");
    }

    @Test
    void the_same_cell_of_two_files_is_told_apart() throws IOException {
        Map<String, JsonNode> files = new LinkedHashMap<>();
        files.put("before.json", json(RUN));
        files.put("after.json", json(RUN));
        assertThat(Chart.html(files)).contains(">ours<", ">ours (after.json)<");
    }

    @Test
    void a_soak_is_a_picture_that_is_xml() throws Exception {
        Document svg = xml(Chart.svg(json(SOAK)));
        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(6);
        // 1000 MB stand 1 / 1.05 up an axis of 104 points from y = 130.
        String memory =
                svg.getElementsByTagName("polyline")
                        .item(0)
                        .getAttributes()
                        .getNamedItem("points")
                        .getNodeValue();
        assertThat(memory).isEqualTo("232.0,80.5 412.0,31.0");
    }

    @Test
    void refuses_what_is_no_result() throws IOException {
        JsonNode other = json("{\"a\": 1}");
        assertThatThrownBy(() -> Chart.html(Map.of("x.json", other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("x.json is no result of 'bench ... --json FILE'");
    }

    @Test
    void scales() {
        assertThat(Scale.upTo(50).ticks()).containsExactly(0.0, 10.0, 20.0, 30.0, 40.0, 50.0);
        assertThat(Scale.decades(3, 450)).isEqualTo(new Scale(1, 1000, true));
        assertThat(Scale.decades(3, 450).ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0);
        Scale around = Scale.aroundOne(0.5, 1.1);
        assertThat(around.percent(1)).isCloseTo(50, within(1e-9));
        assertThat(around.percent(0.5)).isBetween(0.1, 10.0);
        assertThat(around.percent(100)).isEqualTo(100);
    }

    @Test
    void numbers_are_short() {
        assertThat(List.of(2.0, 0.25, 2.6, 12.34, 123.4, 0.00012345, 1e6))
                .extracting(value -> Numbers.plain(value, 3))
                .containsExactly("2", "0.25", "2.6", "12.3", "123", "0.000123", "1000000");
        assertThat(List.of(1234.4, 12.34, 1.0, Double.NaN))
                .extracting(Numbers::measured)
                .containsExactly("1,234", "12.3", "1.00", "–");
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return JsonMapper.builder().build().readTree(text);
    }

    private static Document xml(String text)
            throws ParserConfigurationException, IOException, SAXException {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
