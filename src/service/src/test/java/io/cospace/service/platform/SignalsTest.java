package io.cospace.service.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Alerts, dashboard and autoscalers name what the service exports. */
@QuarkusTest
@Timeout(120)
class SignalsTest {

    private static final Pattern SERIES = Pattern.compile("(?m)^([a-z_]+)(\\{.*)? ");

    private static final List<String> FILES =
            List.of(
                    "components/monitoring/rules.yaml",
                    "components/monitoring/rules-test.yaml",
                    "components/monitoring/dashboard.json",
                    "components/hpa/horizontalpodautoscaler.yaml",
                    "components/keda/scaledobject.yaml");

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void every_metric_is_in_the_scrape_of_an_idle_service() throws Exception {
        Set<String> exported = scrape();
        for (String file : FILES) {
            String text = Files.readString(Manifests.FOLDER.resolve(file));
            Set<String> named = Manifests.metrics(text);
            assertThat(named).as(file).isNotEmpty();
            assertThat(exported).as(file).containsAll(named);
        }
    }

    private Set<String> scrape() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (get(client, "/q/health/ready").statusCode() != 200) {
                Thread.sleep(50);
            }
            Set<String> names = new TreeSet<>();
            SERIES.matcher(get(client, "/q/metrics").body())
                    .results()
                    .forEach(match -> names.add(match.group(1)));
            return names;
        }
    }

    private HttpResponse<String> get(HttpClient client, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(management.resolve(path))
                        .header("Accept", "text/plain")
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void the_rules_pass_their_own_tests() throws Exception {
        Path log = Files.createTempFile("promtool", ".txt");
        Process promtool;
        try {
            promtool =
                    new ProcessBuilder("promtool", "test", "rules", "rules-test.yaml")
                            .directory(Manifests.MONITORING.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
        } catch (IOException e) {
            assumeTrue(false, "skipped: promtool (Debian's package prometheus) is not here: " + e);
            return;
        }
        assertThat(promtool.waitFor()).as(Files.readString(log)).isZero();
    }
}
