package io.cospace.service.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.service.embedding.ServedModels.Retired;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServedModelsTest {

    private final ServedModels served = new ServedModels();

    private List<String> add(String name, String version, String space) {
        return ids(served.add(FakeModel.version(name, version, space)));
    }

    private static List<String> ids(List<Retired> retired) {
        return retired.stream().map(each -> each.model().id()).toList();
    }

    private String find(@Nullable String name) {
        return served.find(name, null).id();
    }

    private List<String> status() {
        return served.status().stream()
                .map(status -> status.model().id() + " " + status.role())
                .toList();
    }

    @Test
    void switches_to_a_new_version_of_the_same_space() {
        assertThat(add("m", "1", "s")).isEmpty();
        assertThat(add("m", "2", "s")).isEmpty();

        assertThat(find(null)).isEqualTo("m/2");
        assertThat(find("m")).isEqualTo("m/2");
        assertThat(find("m/1")).isEqualTo("m/1");
        assertThat(status()).containsExactly("m/2 DEFAULT", "m/1 PREVIOUS");
    }

    @Test
    void serves_a_version_of_another_space_beside_until_it_is_told_to_switch() {
        assertThat(add("m", "1", "s")).isEmpty();
        assertThat(add("m", "2", "other")).isEmpty();
        assertThat(find(null)).isEqualTo("m/1");
        assertThat(find("m")).isEqualTo("m/1");
        assertThat(find("m/2")).isEqualTo("m/2");
        assertThat(status()).containsExactly("m/1 DEFAULT", "m/2 BESIDE");

        assertThat(served.makeDefault("m/2")).isEmpty();

        assertThat(find(null)).isEqualTo("m/2");
        assertThat(status()).containsExactly("m/2 DEFAULT", "m/1 PREVIOUS");
    }

    @Test
    void keeps_the_last_version_for_a_roll_back_and_retires_the_one_before() {
        assertThat(add("m", "1", "s")).isEmpty();
        assertThat(add("m", "2", "s")).isEmpty();
        assertThat(add("m", "3", "s")).containsExactly("m/1");
        assertThat(status()).containsExactly("m/3 DEFAULT", "m/2 PREVIOUS");

        assertThat(served.makeDefault("m/2")).isEmpty();
        assertThat(status()).containsExactly("m/2 DEFAULT", "m/3 PREVIOUS");
        assertThat(add("m", "4", "s")).containsExactly("m/3");
    }

    @Test
    void another_name_is_asked_for_by_its_name_until_it_is_made_the_first() {
        assertThat(add("m", "1", "s")).isEmpty();
        assertThat(add("n", "1", "t")).isEmpty();
        assertThat(find(null)).isEqualTo("m/1");
        assertThat(find("n")).isEqualTo("n/1");
        assertThat(status()).containsExactly("m/1 DEFAULT", "n/1 DEFAULT");

        served.makeFirst("n");
        assertThat(find(null)).isEqualTo("n/1");
        assertThat(add("m", "2", "s")).isEmpty();
        assertThat(find(null)).as("a switch of another name").isEqualTo("n/1");
        assertThat(find("m")).isEqualTo("m/2");
    }

    @Test
    void a_retired_version_is_unused_when_its_last_lease_is_closed() {
        assertThat(add("m", "1", "s")).isEmpty();
        assertThat(add("m", "2", "s")).isEmpty();
        Lease first = served.lease("m/1", "s");
        Lease second = served.lease("m/1", null);
        Retired retired = served.retire("m/1");

        assertThatThrownBy(() -> served.lease("m/1", null)).isInstanceOf(ProblemException.class);
        first.close();
        first.close(); // counts once
        assertThat(retired.unused()).isNotDone();
        second.close();
        assertThat(retired.unused()).isDone();
    }

    @Test
    void takes_no_version_away_that_calls_get_without_naming_it() {
        assertThat(add("m", "1", "s")).isEmpty();
        assertThatThrownBy(() -> served.retire("m/1"))
                .isInstanceOf(ModelConflictException.class)
                .hasMessage("m/1 is what calls get that name no model; move that first");
        assertThat(add("n", "1", "t")).isEmpty();
        assertThat(add("n", "2", "t")).isEmpty();
        assertThatThrownBy(() -> served.retire("n/2"))
                .isInstanceOf(ModelConflictException.class)
                .hasMessage("n/2 is the default of n; move that first");
        assertThat(served.retire("n/1").model().id()).isEqualTo("n/1");
        assertThat(served.retire("n/2").model().id()).isEqualTo("n/2");
        assertThatThrownBy(() -> find("n")).isInstanceOf(ProblemException.class);
    }

    @Test
    void refuses_a_version_twice_and_one_that_is_not_there() {
        assertThat(add("m", "1", "s")).isEmpty();
        assertThatThrownBy(() -> add("m", "1", "s"))
                .isInstanceOf(ModelConflictException.class)
                .hasMessage("m/1 is served already");
        assertThatThrownBy(() -> served.makeDefault("m/2")).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> served.makeFirst("n")).isInstanceOf(ProblemException.class);
    }
}
