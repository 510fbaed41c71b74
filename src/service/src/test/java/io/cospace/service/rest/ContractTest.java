package io.cospace.service.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whether the contract is whole in itself, and names what the code has. */
class ContractTest {

    @Test
    void names_every_problem_type_and_no_other() {
        List<String> named = new ArrayList<>();
        Contract.root()
                .at("/components/schemas/ProblemName/enum")
                .forEach(name -> named.add(name.asText()));
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ProblemType.values()).map(ProblemType::wireName).toList());
    }

    @Test
    void shows_an_example_of_every_problem_with_its_own_status_and_title() {
        Set<String> shown = new TreeSet<>();
        for (JsonNode response : Contract.root().at("/components/responses")) {
            JsonNode content = response.at("/content/application~1problem+json");
            content.path("examples")
                    .forEach(example -> {
                        JsonNode value = example.path("value");
                        String name = value.path("type").asText().substring(10);
                        ProblemType type =
                                ProblemType.valueOf(
                                        name.toUpperCase(Locale.ROOT).replace('-', '_'));
                        assertThat(value.path("status").asInt()).isEqualTo(type.status());
                        assertThat(value.path("title").asText()).isEqualTo(type.title());
                        Contract.checkBody(content.path("schema"), value.toString());
                        shown.add(name);
                    });
        }
        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ProblemType.values()).map(ProblemType::wireName).toList());
    }

    @Test
    void has_an_example_of_every_answer_and_every_json_body_that_fits_its_schema() {
        int checked = 0;
        for (JsonNode path : Contract.root().path("paths")) {
            for (JsonNode operation : path) {
                List<JsonNode> contents = new ArrayList<>();
                operation
                        .path("responses")
                        .forEach(response ->
                                contents.add(Contract.resolve(response).path("content")));
                contents.add(operation.at("/requestBody/content"));
                for (JsonNode content : contents) {
                    checked += checkExamples(content);
                }
            }
        }
        assertThat(checked).isGreaterThan(50);
    }

    private static int checkExamples(JsonNode content) {
        int checked = 0;
        for (Map.Entry<String, JsonNode> type : content.properties()) {
            boolean isForm =
                    type.getKey().startsWith("multipart") || type.getKey().startsWith("image");
            JsonNode examples = type.getValue().path("examples");
            assertThat(isForm || !examples.isEmpty()).as("examples of %s", type).isTrue();
            for (JsonNode example : examples) {
                Contract.checkBody(
                        type.getValue().path("schema"), example.path("value").toString());
                checked++;
            }
        }
        return checked;
    }
}
