package io.cospace.evaluate.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases worked out by hand from the rules that Kubernetes documents. */
class ReplicaFormulaTest {

    /**
     * @param values of the pods that have one, by spaces
     */
    @ParameterizedTest
    @CsvSource({
        // current, values, missing, unready, target, asked for
        "2, 200 200, 0, 0, 100, 4",
        "2, 50 50, 0, 0, 100, 1",
        "3, 100 100 100, 0, 0, 100, 3",
        "2, 109 109, 0, 0, 100, 2", // within a tenth
        "2, 111 111, 0, 0, 100, 3",
        "4, 91 91 91 91, 0, 0, 100, 4",
        "4, 89 89 89 89, 0, 0, 100, 4", // ceil(3.56)
        "4, 74 74 74 74, 0, 0, 100, 3",
        "3, 200 200, 1, 0, 100, 4", // missing counts 0: mean 133
        "3, 40 40, 1, 0, 100, 2", // missing counts the target: mean 60
        "3, 120 120, 1, 0, 100, 3", // with a 0 the mean is 80: the direction would turn
        "4, 200 200, 0, 2, 100, 4", // unready count 0: mean 100
        "4, 300 300, 0, 2, 100, 6", // mean 150
        "4, 50 50, 0, 2, 100, 1", // below the target the unready are left out
    })
    void counts_as_the_documentation_says(
            int current, String values, int missing, int unready, double target, int asked) {
        List<Reading> pods = new ArrayList<>();
        for (String value : values.split(" ", -1)) {
            pods.add(new Reading.Value(Double.parseDouble(value)));
        }
        for (int i = 0; i < missing; i++) {
            pods.add(new Reading.Missing());
        }
        for (int i = 0; i < unready; i++) {
            pods.add(new Reading.Unready());
        }
        assertThat(ReplicaFormula.perPod(current, pods, target)).isEqualTo(asked);
    }

    @Test
    void without_any_value_the_number_stays() {
        assertThat(ReplicaFormula.perPod(5, List.of(new Reading.Missing()), 1)).isEqualTo(5);
        assertThat(ReplicaFormula.perPod(5, List.of(), 1)).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0.8, 0.2, 4",
        "2, 0.41, 0.2, 2",
        "2, 0.45, 0.2, 3",
        "10, 0.2, 0.2, 1",
        "6, 0, 0.2, 0"
    })
    void a_sum_is_divided_by_what_a_pod_may_have(
            int current, double sum, double target, int asked) {
        assertThat(ReplicaFormula.total(current, sum, target)).isEqualTo(asked);
    }
}
