package io.cospace.service.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.cospace.service.config.ServiceConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the manifests promise about each other and about the service. */
class ManifestsTest {

    private static final Pattern SETTING = Pattern.compile("(?m)^\\s*-? ?(COSPACE_[A-Z_]+)=(.*)$");

    @Test
    void every_file_is_yaml() throws IOException {
        for (Path file : Manifests.yamlFiles()) {
            assertThat(Manifests.read(file)).as(file.toString()).isNotEmpty();
        }
    }

    @Test
    void probes_ask_what_the_service_answers() throws IOException {
        JsonNode container = Manifests.pod().at("/containers/0");
        assertThat(port(container, "api")).isEqualTo(8080);
        assertThat(port(container, "management")).isEqualTo(9000);
        Map<String, String> probes =
                Map.of(
                        "startupProbe",
                        "started",
                        "livenessProbe",
                        "live",
                        "readinessProbe",
                        "ready");
        probes.forEach((probe, path) -> {
            JsonNode get = container.path(probe).path("httpGet");
            assertThat(get.path("path").asText()).isEqualTo("/q/health/" + path);
            assertThat(get.path("port").asText()).isEqualTo("management");
        });
    }

    @Test
    void grpc_clients_find_every_ready_pod_by_its_own_address() throws IOException {
        JsonNode service =
                Manifests.read("base/service.yaml").stream()
                        .filter(s -> s.at("/metadata/name").asText().equals("cospace-headless"))
                        .findFirst()
                        .orElseThrow()
                        .path("spec");
        assertThat(service.path("clusterIP").asText()).isEqualTo("None");
        assertThat(service.path("publishNotReadyAddresses").asBoolean()).isFalse();
        assertThat(service.at("/selector/app.kubernetes.io~1name").asText()).isEqualTo("cospace");
        JsonNode port = service.at("/ports/0");
        // A headless Service translates no port, so the client must name the pod's own.
        assertThat(port.path("port").asInt())
                .isEqualTo(port(Manifests.pod().at("/containers/0"), "api"));
        assertThat(port.path("targetPort").asText()).isEqualTo("api");
        assertThat(port.path("appProtocol").asText()).isEqualTo("kubernetes.io/h2c");
    }

    private static int port(JsonNode container, String name) {
        return stream(container.path("ports"))
                .filter(port -> port.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .path("containerPort")
                .asInt();
    }

    @Test
    void a_pod_has_the_time_that_its_drain_takes() throws IOException {
        JsonNode pod = Manifests.pod();
        int preStop = pod.at("/containers/0/lifecycle/preStop/sleep/seconds").asInt();
        Map<String, String> settings = settings("base/settings.env");
        int delay = seconds(settings.get("COSPACE_DRAIN_DELAY"));
        int timeout = seconds(settings.get("COSPACE_DRAIN_TIMEOUT"));
        assertThat(preStop + delay).as("time for load balancers").isEqualTo(5);
        assertThat(pod.path("terminationGracePeriodSeconds").asInt())
                .isEqualTo(preStop + delay + timeout + 5);
    }

    private static int seconds(String value) {
        return Integer.parseInt(value.substring(0, value.length() - 1));
    }

    @Test
    void every_setting_is_a_key_of_the_service() throws IOException {
        Set<String> known =
                ConfigMappings.getProperties(ConfigClass.configClass(ServiceConfig.class))
                        .keySet()
                        .stream()
                        .map(key -> key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        try (Stream<Path> files = Files.walk(Manifests.FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(known).as(file.toString()).containsAll(settings(file).keySet());
            }
        }
    }

    private static Map<String, String> settings(String file) throws IOException {
        return settings(Manifests.FOLDER.resolve(file));
    }

    private static Map<String, String> settings(Path file) throws IOException {
        return SETTING.matcher(Files.readString(file))
                .results()
                .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
    }

    @Test
    void the_pod_is_a_restricted_one() throws IOException {
        JsonNode pod = Manifests.pod();
        JsonNode context = pod.path("securityContext");
        assertThat(context.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(context.path("runAsUser").asInt()).isPositive();
        assertThat(context.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
            assertThat(pod.path(shared).asBoolean()).isFalse();
        }
        JsonNode container = pod.at("/containers/0/securityContext");
        assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(stream(pod.path("volumes")).map(volume -> volume.path("name").asText()))
                .containsExactly("tmp");
    }

    @Test
    void nothing_goes_out() throws IOException {
        JsonNode spec = Manifests.read("base/networkpolicy.yaml").getFirst().path("spec");
        assertThat(spec.path("policyTypes").toString()).contains("Egress");
        assertThat(spec.path("egress")).isEmpty();
    }

    @Test
    void every_alert_has_a_case_that_fires_it_and_one_that_does_not() throws IOException {
        Set<String> alerts = new TreeSet<>();
        Manifests.read("components/monitoring/rules.yaml")
                .getFirst()
                .findValues("alert")
                .forEach(name -> alerts.add(name.asText()));
        Set<String> firing = new TreeSet<>();
        Set<String> quiet = new TreeSet<>();
        JsonNode tests = Manifests.read("components/monitoring/rules-test.yaml").getFirst();
        for (JsonNode test : tests.path("tests")) {
            for (JsonNode one : test.path("alert_rule_test")) {
                Set<String> kind = one.path("exp_alerts").isEmpty() ? quiet : firing;
                kind.add(one.path("alertname").asText());
            }
        }
        assertThat(alerts).isNotEmpty();
        assertThat(firing).isEqualTo(alerts);
        assertThat(quiet).isEqualTo(alerts);
    }

    @Test
    void no_overlay_has_two_that_set_the_number_of_pods() throws IOException {
        try (Stream<Path> overlays = Files.list(Manifests.FOLDER.resolve("overlays"))) {
            for (Path overlay : overlays.toList()) {
                JsonNode file = Manifests.read(overlay.resolve("kustomization.yaml")).getFirst();
                long setters =
                        stream(file.path("components"))
                                        .map(JsonNode::asText)
                                        .filter(name ->
                                                name.endsWith("hpa") || name.endsWith("keda"))
                                        .count()
                                + file.path("replicas").size();
                assertThat(setters).as(overlay.toString()).isEqualTo(1);
            }
        }
    }

    @Test
    void both_autoscalers_have_the_same_targets_and_bounds() throws IOException {
        JsonNode hpa = Manifests.read("components/hpa/horizontalpodautoscaler.yaml").getFirst();
        JsonNode keda = Manifests.read("components/keda/scaledobject.yaml").getFirst();
        List<Double> targets =
                stream(hpa.at("/spec/metrics"))
                        .map(metric -> metric.path(metric.has("pods") ? "pods" : "external"))
                        .map(metric -> quantity(metric.at("/target/averageValue").asText()))
                        .toList();
        List<Double> thresholds =
                stream(keda.at("/spec/triggers"))
                        .map(trigger -> quantity(trigger.at("/metadata/threshold").asText()))
                        .toList();
        assertThat(thresholds).isEqualTo(targets);
        assertThat(keda.at("/spec/minReplicaCount")).isEqualTo(hpa.at("/spec/minReplicas"));
        assertThat(keda.at("/spec/maxReplicaCount")).isEqualTo(hpa.at("/spec/maxReplicas"));
        assertThat(keda.at("/spec/fallback/replicas").asInt())
                .isBetween(
                        keda.at("/spec/minReplicaCount").asInt(),
                        keda.at("/spec/maxReplicaCount").asInt());
        assertThat(keda.at("/spec/advanced/horizontalPodAutoscalerConfig/behavior"))
                .isEqualTo(hpa.at("/spec/behavior"));
    }

    private static double quantity(String text) {
        return text.endsWith("m")
                ? Integer.parseInt(text.substring(0, text.length() - 1)) / 1000.0
                : Double.parseDouble(text);
    }

    @Test
    void the_rules_of_the_operator_are_those_of_the_file() throws IOException {
        Path file = Manifests.MONITORING.resolve("prometheusrule.yaml");
        JsonNode rules = Manifests.read(Manifests.MONITORING.resolve("rules.yaml")).getFirst();
        YAMLMapper yaml =
                YAMLMapper.builder()
                        .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
                        .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                        .disable(YAMLGenerator.Feature.SPLIT_LINES)
                        .build();
        String now =
                """
                # Made of rules.yaml by ManifestsTest with -Dcospace.write; do not edit.
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  name: cospace
                spec:
                """
                        + yaml.writeValueAsString(rules).indent(2);
        if (System.getProperty("cospace.write") != null) {
            Files.writeString(file, now);
        }
        assertThat(Files.readString(file)).isEqualTo(now);
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
