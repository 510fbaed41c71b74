package io.cospace.evaluate.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZeroShotTest {
    @Test
    void a_class_without_images_is_left_out_of_the_mean() {
        VectorSet classes = VectorSet.of(List.of(v(1, 0), v(0, 1), v(-1, 0)));
        VectorSet images = VectorSet.of(List.of(v(1, 0), v(0.9f, 0.1f), v(1, 0.5f)));
        ZeroShot zeroShot = ZeroShot.classify(images, classes, new int[] {0, 0, 1});
        assertThat(zeroShot.perClass()).containsExactly(1, 0, Double.NaN);
        assertThat(zeroShot.meanPerClass()).isEqualTo(0.5);
        assertThat(zeroShot.top(1)).isEqualTo(2 / 3.0);
        assertThat(zeroShot.top(2)).isEqualTo(1);
        Interval mean = zeroShot.meanPerClassInterval(Bootstrap.DEFAULT);
        assertThat(mean.mean()).isCloseTo(0.5, within(1e-12));
        assertThat(mean.low()).isLessThan(0.5);
        assertThat(mean.high()).isGreaterThan(0.5);
        assertThat(zeroShot.topInterval(1, Bootstrap.DEFAULT).mean()).isEqualTo(2 / 3.0);
    }

    @Test
    void classifies_more_images_and_classes_than_a_tile_holds() {
        List<float[]> classes = new ArrayList<>();
        List<float[]> images = new ArrayList<>();
        int[] labels = new int[1000];
        for (int i = 0; i < labels.length; i++) {
            double angle = Math.PI * i / labels.length;
            classes.add(v((float) Math.cos(angle), (float) Math.sin(angle)));
            labels[labels.length - 1 - i] = i;
        }
        images.addAll(classes.reversed());
        ZeroShot zeroShot = ZeroShot.classify(VectorSet.of(images), VectorSet.of(classes), labels);
        assertThat(zeroShot.predictions()).isEqualTo(labels);
    }

    @Test
    void refuses_labels_that_do_not_fit() {
        VectorSet one = VectorSet.of(List.of(v(1, 0)));
        assertThatThrownBy(() -> ZeroShot.classify(one, one, new int[] {1}))
                .hasMessage("a label is 1; there are 1 classes");
        assertThatThrownBy(() -> ZeroShot.classify(one, one, new int[2]))
                .hasMessage("2 labels for 1 images");
        assertThatThrownBy(() -> ZeroShot.classVectors(List.of(List.of())))
                .hasMessage("class 0 has no text");
    }

    private static float[] v(float x, float y) {
        return new float[] {x, y};
    }
}
