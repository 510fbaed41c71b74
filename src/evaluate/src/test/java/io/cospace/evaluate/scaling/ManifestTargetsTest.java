package io.cospace.evaluate.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What was simulated is what the manifests say. That the two autoscalers say the same is a test of
 * the service.
 */
class ManifestTargetsTest {
    private static final Path K8S = Path.of(System.getProperty("cospace.root")).resolve("k8s");

    private static List<Double> numbers(String file, String key) throws IOException {
        String text = Files.readString(K8S.resolve(file));
        return Pattern.compile("(?m)^[ -]*" + key + ": *\"?([0-9.]+)(m?)s?\"?$")
                .matcher(text)
                .results()
                .map(r -> Double.parseDouble(r.group(1)) / (r.group(2).isEmpty() ? 1 : 1000))
                .toList();
    }

    @Test
    void the_horizontal_autoscaler() throws IOException {
        String file = "components/hpa/horizontalpodautoscaler.yaml";
        assertThat(numbers(file, "averageValue"))
                .containsExactly(
                        Policy.QUEUE_TARGET, Policy.SATURATION_TARGET, Policy.REFUSALS_TARGET);
        assertThat(numbers(file, "minReplicas")).containsExactly((double) Policy.LEAST);
        assertThat(numbers(file, "maxReplicas")).containsExactly((double) Policy.MOST);
        Behavior.Rules rules = Policy.RULES;
        assertThat(numbers(file, "stabilizationWindowSeconds"))
                .containsExactly(rules.upWindow(), rules.downWindow());
        assertThat(numbers(file, "value"))
                .containsExactly(
                        (double) rules.upPercent(),
                        (double) rules.upPods(),
                        (double) rules.downPercent());
        assertThat(numbers(file, "periodSeconds"))
                .containsExactly(rules.upPeriod(), rules.upPeriod(), rules.downPeriod());
    }

    @Test
    void keda() throws IOException {
        String file = "components/keda/scaledobject.yaml";
        assertThat(numbers(file, "threshold"))
                .containsExactly(
                        Policy.QUEUE_TARGET, Policy.SATURATION_TARGET, Policy.REFUSALS_TARGET);
        assertThat(numbers(file, "replicas")).containsExactly((double) Policy.FALLBACK);
        assertThat(numbers(file, "failureThreshold")).containsExactly(3.0);
    }

    @Test
    void the_scrapes() throws IOException {
        assertThat(numbers("components/monitoring/servicemonitor.yaml", "interval"))
                .containsExactly(10.0);
        assertThat(Files.readString(K8S.resolve("components/hpa/prometheus-adapter.yaml")))
                .contains(
                        "avg_over_time(<<.Series>>{<<.LabelMatchers>>}[%.0fs])"
                                .formatted(Pod.WINDOW));
    }
}
