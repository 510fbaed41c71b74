package io.cospace.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.training.Golden;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdamWTest {
    @ParameterizedTest
    @ValueSource(strings = {"adamw", "adamw_clip"})
    void moves_as_torch_does_with_rates_decay_and_clipping(String name) {
        Golden.Fixture golden = Golden.tensors(Golden.file("losses/" + name + ".safetensors"));
        JsonNode config = Golden.json("losses/" + name + ".json");
        Map<String, Tensor> values = new LinkedHashMap<>();
        List<AdamW.Parameter> parameters = new ArrayList<>();
        config.path("params")
                .properties()
                .forEach(entry -> {
                    Tensor value = golden.get("init." + entry.getKey()).requireGradient(true);
                    values.put(entry.getKey(), value);
                    parameters.add(
                            new AdamW.Parameter(
                                    entry.getKey(),
                                    value,
                                    entry.getValue().path("lr_scale").asDouble(),
                                    entry.getValue().path("weight_decay").asDouble()));
                });
        AdamW optimiser = new AdamW(settings(config), parameters);
        boolean clipped = config.path("clip_grad_norm").isNumber();

        for (int step = 0; step < 5; step++) {
            optimiser.clearGradients();
            int number = step;
            values.forEach(
                    (key, value) -> arrive(value, golden.get("step" + number + ".grad." + key)));
            if (clipped) {
                double norm = optimiser.clip(config.path("clip_grad_norm").asDouble());
                double expected = config.path("grad_norm_before_clip").path(step).asDouble();
                assertThat(norm).isCloseTo(expected, within(1e-5 * expected));
            }
            optimiser.step(config.path("lr_per_step").path(step).asDouble());
            try (Torch.NoGradient _ = Torch.noGradient()) {
                new Golden.Fixture(values).get("logit_scale").clampInPlace(0, Math.log(100));
            }
            for (Map.Entry<String, Tensor> entry : values.entrySet()) {
                Tensor expected = golden.get("step" + step + ".param." + entry.getKey());
                assertThat(Golden.difference(entry.getValue(), expected))
                        .as("%s after step %d", entry.getKey(), step)
                        .isLessThanOrEqualTo(1e-6);
            }
        }

        Golden.Fixture state = new Golden.Fixture(optimiser.state());
        for (String key : values.keySet()) {
            assertThat(
                            Golden.difference(
                                    state.get("mean." + key), golden.get("final.exp_avg." + key)))
                    .isLessThanOrEqualTo(1e-6);
            assertThat(
                            Golden.difference(
                                    state.get("square." + key),
                                    golden.get("final.exp_avg_sq." + key)))
                    .isLessThanOrEqualTo(1e-6);
        }
    }

    @Test
    void goes_on_from_a_saved_state_to_the_same_bits() {
        Tensor[] values = {leaf(), leaf()};
        AdamW straight = optimiser(values[0]);
        AdamW first = optimiser(values[1]);
        for (int step = 0; step < 3; step++) {
            move(straight, values[0], step);
            move(first, values[1], step);
        }
        AdamW resumed = optimiser(values[1]);
        resumed.restore(first.state());
        for (int step = 3; step < 6; step++) {
            move(straight, values[0], step);
            move(resumed, values[1], step);
        }
        assertThat(values[1].toFloats()).isEqualTo(values[0].toFloats());
    }

    @Test
    void refuses_the_state_of_other_parameters() {
        AdamW optimiser = optimiser(leaf());
        Map<String, Tensor> state = optimiser.state();
        AdamW other =
                new AdamW(
                        new AdamW.Settings(.9, .98, 1e-6),
                        List.of(new AdamW.Parameter("other", leaf(), 1, 0)));
        assertThatThrownBy(() -> other.restore(state)).hasMessageContaining("mean.other");
    }

    @Test
    void leaves_parameters_without_a_gradient_alone() {
        Tensor value = leaf();
        float[] before = value.toFloats();
        optimiser(value).step(1);
        assertThat(value.toFloats()).isEqualTo(before);
    }

    private static AdamW.Settings settings(JsonNode config) {
        return new AdamW.Settings(
                config.path("betas").path(0).asDouble(),
                config.path("betas").path(1).asDouble(),
                config.path("eps").asDouble());
    }

    private static Tensor leaf() {
        return Tensors.of(new float[] {1, -2, 3}, 3).requireGradient(true);
    }

    private static AdamW optimiser(Tensor value) {
        return new AdamW(
                new AdamW.Settings(.9, .98, 1e-6),
                List.of(new AdamW.Parameter("value", value, 1, .05)));
    }

    private static void move(AdamW optimiser, Tensor value, int step) {
        optimiser.clearGradients();
        arrive(value, Tensors.of(new float[] {step, 1, -step}, 3));
        optimiser.step(.01);
    }

    /** Lets a gradient arrive the way it does in training. */
    private static void arrive(Tensor value, Tensor gradient) {
        value.times(gradient).sum().backward();
    }
}
