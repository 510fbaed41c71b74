package io.cospace.training.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cospace.training.Golden;
import io.cospace.training.align.Losses.Form;
import io.cospace.training.align.Losses.Reduction;
import io.cospace.training.torch.Kind;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Values and gradients against PyTorch in fp64, and the acceptance values of the recipes. */
final class LossesTest {
    /** Inputs of one case as fp64 leaves. */
    private record Inputs(Map<String, Tensor> leaves) {
        Tensor raw(String name) {
            return new Golden.Fixture(leaves).get(name);
        }

        Tensor unit(String name) {
            return raw(name).unit();
        }
    }

    @TestFactory
    List<DynamicTest> equal_torch_in_value_and_gradient() {
        Function<Inputs, Tensor> nce =
                in -> Losses.infoNce(in.unit("x"), in.unit("y"), in.raw("logit_scale"), null);
        return List.of(
                golden("infonce", nce),
                golden("infonce_scale100", nce),
                golden("infonce_b1", nce),
                golden(
                        "infonce_normalized_inputs",
                        in ->
                                Losses.infoNce(
                                        in.raw("image"),
                                        in.raw("text"),
                                        in.raw("logit_scale"),
                                        null)),
                golden("cosine", in -> Losses.cosine(in.unit("x"), in.unit("y"))),
                golden(
                        "sigmoid",
                        in ->
                                Losses.sigmoid(
                                        in.unit("x"),
                                        in.unit("y"),
                                        in.raw("logit_scale"),
                                        in.raw("logit_bias"),
                                        null)),
                golden(
                        "l_ins_sum",
                        in -> Losses.instance(in.unit("x"), in.unit("e"), Reduction.SUM)),
                golden(
                        "l_ins_mean",
                        in -> Losses.instance(in.unit("x"), in.unit("e"), Reduction.MEAN)),
                golden("l_struct_sum", in -> released(in.unit("x"), in.unit("e"), Reduction.SUM)),
                golden("l_struct_mean", in -> released(in.unit("x"), in.unit("e"), Reduction.MEAN)),
                golden(
                        "l_struct_linear_branch",
                        in -> released(in.raw("x"), in.raw("e"), Reduction.SUM)),
                golden(
                        "l_struct_duplicates",
                        in -> released(in.unit("x"), in.unit("e"), Reduction.SUM)),
                golden(
                        "l_struct_squared_abs",
                        in ->
                                Losses.structure(
                                        in.unit("x"), in.unit("e"), Reduction.SUM, Form.PAPER)),
                golden(
                        "proclip_stage1_code",
                        in ->
                                Losses.instance(
                                                in.unit("short"),
                                                in.unit("teacher_short"),
                                                Reduction.SUM)
                                        .plus(
                                                Losses.instance(
                                                        in.unit("noise"),
                                                        in.unit("teacher_noise"),
                                                        Reduction.SUM))
                                        .plus(
                                                released(
                                                        in.unit("short"),
                                                        in.unit("teacher_short"),
                                                        Reduction.SUM))),
                golden(
                        "proclip_stage1_means",
                        in ->
                                Losses.instance(
                                                in.unit("short"),
                                                in.unit("teacher_short"),
                                                Reduction.MEAN)
                                        .plus(
                                                released(
                                                                in.unit("short"),
                                                                in.unit("teacher_short"),
                                                                Reduction.MEAN)
                                                        .times(10))),
                golden(
                        "proclip_stage2",
                        in ->
                                Losses.infoNce(
                                                in.unit("image"),
                                                in.unit("text"),
                                                in.raw("logit_scale"),
                                                null)
                                        .plus(
                                                Losses.instance(
                                                                in.unit("image"),
                                                                in.unit("teacher_image"),
                                                                Reduction.SUM)
                                                        .plus(
                                                                released(
                                                                        in.unit("image"),
                                                                        in.unit("teacher_image"),
                                                                        Reduction.SUM))
                                                        .times(.1))),
                golden(
                        "llm2clip_caption_contrastive",
                        in ->
                                Losses.captionContrastive(
                                        in.unit("q"), in.unit("pos"), in.unit("neg"), 50)));
    }

    private static Tensor released(Tensor student, Tensor teacher, Reduction reduction) {
        return Losses.structure(student, teacher, reduction, Form.RELEASED);
    }

    private static DynamicTest golden(String name, Function<Inputs, Tensor> loss) {
        return DynamicTest.dynamicTest(
                name,
                () -> {
                    Golden.Fixture file =
                            Golden.tensors(Golden.file("losses/" + name + ".safetensors"));
                    Map<String, Tensor> leaves = new LinkedHashMap<>();
                    file.all()
                            .forEach((key, tensor) -> {
                                if (tensor.kind() == Kind.F32) {
                                    boolean learned = file.all().containsKey("grad." + key);
                                    leaves.put(
                                            key,
                                            tensor.to(Kind.F64)
                                                    .detached()
                                                    .requireGradient(learned));
                                }
                            });
                    Tensor value = loss.apply(new Inputs(leaves));
                    double expected = file.get("loss").item();
                    assertThat(value.item())
                            .isCloseTo(expected, within(1e-10 * Math.max(1, Math.abs(expected))));
                    value.backward();
                    leaves.forEach((key, leaf) -> {
                        if (leaf.requiresGradient()) {
                            Tensor gradient = java.util.Objects.requireNonNull(leaf.gradient());
                            assertThat(Golden.difference(gradient, file.get("grad." + key)))
                                    .as(key)
                                    .isLessThanOrEqualTo(1e-7);
                        }
                    });
                });
    }

    @Test
    void acceptance_values_of_two_rows() {
        Tensor student = Tensors.of(new double[] {1, 0, 0, 1}, 2, 2);
        Tensor teacher = Tensors.of(new double[] {1, 0, 1, 0}, 2, 2);
        assertThat(Losses.instance(student, teacher, Reduction.SUM).item()).isEqualTo(2);
        assertThat(released(student, teacher, Reduction.SUM).item())
                .isCloseTo(Math.sqrt(2) - .5, within(1e-12));
        Tensor zero = Tensors.of(new double[] {0});
        assertThat(Losses.infoNce(student, student, zero, null).item())
                .isCloseTo(Math.log(1 + Math.exp(-1)), within(1e-12));
        Tensor hundred = Tensors.of(new double[] {Math.log(100)});
        assertThat(Losses.infoNce(student, student, hundred, null).item())
                .isCloseTo(0, within(1e-12));
        Tensor first = student.narrow(0, 0, 1);
        assertThat(Losses.captionContrastive(first, first, student.narrow(0, 1, 1), 50).item())
                .isCloseTo(0, within(1e-20));
    }

    @Test
    void a_row_with_the_same_caption_is_no_negative() {
        Tensor image = Tensors.of(new double[] {1, 0, 0, 1, .6, .8}, 3, 2);
        Tensor text = Tensors.of(new double[] {1, 0, 1, 0, 0, 1}, 3, 2);
        boolean[] same = {false, true, false, true, false, false, false, false, false};
        Tensor scale = Tensors.of(new double[] {0});
        double masked = Losses.infoNce(image, text, scale, Tensors.of(same, 3, 3)).item();
        // By hand: rows and columns of the cosines without the two masked ones.
        double[][] z = {
            {1, Double.NEGATIVE_INFINITY, 0}, {Double.NEGATIVE_INFINITY, 0, 1}, {.6, .6, .8}
        };
        double expected = 0;
        for (int i = 0; i < 3; i++) {
            double row = 0;
            double column = 0;
            for (int j = 0; j < 3; j++) {
                row += Math.exp(z[i][j]);
                column += Math.exp(z[j][i]);
            }
            expected += Math.log(row) + Math.log(column) - 2 * z[i][i];
        }
        assertThat(masked).isCloseTo(expected / 6, within(1e-12));
    }

    @Test
    void one_row_has_no_structure() {
        Tensor row = Tensors.of(new double[] {1, 0}, 1, 2);
        assertThat(released(row, row, Reduction.MEAN).item()).isEqualTo(0);
    }

    @Test
    void schedules_are_the_recipes_own() {
        Golden.json("losses/schedules.json")
                .path("cosine_warmup")
                .forEach(schedule -> {
                    for (int step = 0; step < 20; step++) {
                        double rate =
                                schedule.path("base_lr").asDouble()
                                        * Schedule.cosine(
                                                step, schedule.path("warmup").asLong(), 20);
                        assertThat(rate)
                                .isCloseTo(
                                        schedule.path("lr").path(step).asDouble(), within(1e-15));
                    }
                });
        var linear = Golden.json("losses/schedules.json").path("linear_warmup_hf");
        for (int step = 0; step <= 20; step++) {
            assertThat(2e-4 * Schedule.linear(step, 5, 20))
                    .isCloseTo(linear.path("lr").path(step).asDouble(), within(1e-15));
        }
    }
}
