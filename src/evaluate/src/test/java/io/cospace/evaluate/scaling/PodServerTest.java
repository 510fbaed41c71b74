package io.cospace.evaluate.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PodServerTest {
    private final CallLog log = new CallLog();
    private final PodServer pod = new PodServer(0, log);

    @Test
    void a_lone_text_takes_what_was_measured() {
        pod.add(ItemClass.SHORT_TEXT, 0, 0);
        pod.advance(1);
        assertThat(log.answers()).isEqualTo(1);
        assertThat(log.percentile(99)).isCloseTo(0.0049, within(1e-4));
        assertThat(pod.busySeconds()).isCloseTo(0.0049, within(1e-9));
    }

    /** 64 short texts at once: 781 a second were measured. */
    @Test
    void full_batches_do_what_was_measured() {
        assertThat(itemsASecond(ItemClass.SHORT_TEXT)).isCloseTo(781, within(5.0));
        assertThat(itemsASecond(ItemClass.MIXED_TEXT)).isCloseTo(145, within(1.0));
        assertThat(itemsASecond(ItemClass.IMAGE)).isCloseTo(117, within(1.0));
    }

    private static double itemsASecond(ItemClass kind) {
        return PodServer.DISPATCHERS / kind.shareSeconds();
    }

    @Test
    void work_that_waits_is_the_predicted_cost_over_the_dispatchers() {
        for (int i = 0; i < 10; i++) {
            pod.add(ItemClass.IMAGE, 0, 0);
        }
        // Two run alone; eight wait, two full batches.
        double batch = ItemClass.IMAGE.batchSeconds(4);
        assertThat(pod.queueSeconds()).isCloseTo(2 * batch / 2, within(1e-9));
        assertThat(pod.waitSeconds(0))
                .isCloseTo(ItemClass.IMAGE.batchSeconds(1) + batch, within(1e-9));
        pod.advance(0.02);
        assertThat(pod.queueSeconds()).isZero();
        assertThat(pod.isIdle()).isFalse();
        pod.advance(1);
        assertThat(pod.isIdle()).isTrue();
        assertThat(log.answers()).isEqualTo(10);
    }

    @Test
    void the_oldest_goes_first_and_takes_its_like_along() {
        pod.add(ItemClass.IMAGE, 0, 0);
        pod.add(ItemClass.IMAGE, 0, 0);
        pod.add(ItemClass.MIXED_TEXT, 0.001, 0.001);
        pod.add(ItemClass.IMAGE, 0.002, 0.002);
        pod.add(ItemClass.MIXED_TEXT, 0.003, 0.003);
        // When the first two end, one dispatcher takes both texts, the other the image.
        pod.advance(0.0190);
        assertThat(pod.queueSeconds()).isZero();
        assertThat(log.answers()).isEqualTo(5);
    }

    @Test
    void saturation_forgets_within_ten_seconds() {
        pod.add(ItemClass.IMAGE, 0, 0);
        double busy = ItemClass.IMAGE.batchSeconds(1);
        pod.advance(busy);
        double after = (1 - Math.exp(-busy / 10)) / 2;
        assertThat(pod.saturation()).isCloseTo(after, within(1e-9));
        pod.advance(busy + 10);
        assertThat(pod.saturation()).isCloseTo(after * Math.exp(-1), within(1e-9));
    }
}
