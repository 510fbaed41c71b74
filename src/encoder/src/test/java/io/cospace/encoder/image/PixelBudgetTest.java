package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.ImageException.TooLarge;
import io.cospace.encoder.image.GoldenTensors.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PixelBudgetTest {

    /** 97 x 71 pixels. */
    private static final String PICTURE = "images/rgb.png";

    @Test
    void holds_no_more_pictures_at_a_time_than_twice_the_largest_one_allowed() throws Exception {
        byte[] file = Golden.bytes(PICTURE);
        ImageDecoder decoder = new ImageDecoder(new ImageLimits(100_000, 97 * 71, 100), null);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> widths = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                widths.add(
                        threads.submit(() ->
                                decoder.decode(
                                        file,
                                        image -> {
                                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                            pause();
                                            now.decrementAndGet();
                                            return image.width();
                                        })));
            }
            for (Future<Integer> width : widths) {
                assertThat(width.get()).isEqualTo(97);
            }
        }
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void gives_the_pixels_back_when_a_picture_is_refused_or_its_use_fails() throws IOException {
        byte[] file = Golden.bytes(PICTURE);
        byte[] damaged = Golden.bytes("bad/bad_crc.png");
        ImageDecoder decoder = new ImageDecoder(new ImageLimits(100_000, 97 * 71, 100), null);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> decoder.decode(damaged)).hasMessageContaining("checksum");
            assertThatThrownBy(() -> decoder.decode(file, image -> Integer.parseInt("none")))
                    .isInstanceOf(NumberFormatException.class);
        }
        assertThat(decoder.decode(file).width()).isEqualTo(97);
    }

    @Test
    void lets_two_claims_grow_without_waiting_for_each_other() throws Exception {
        ImageLimits limits = new ImageLimits(1, 100, 100);
        PixelBudget budget = new PixelBudget(100);
        CountDownLatch bothSmall = new CountDownLatch(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> grown = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                grown.add(
                        threads.submit(() -> {
                            try (PixelBudget.Claim claim = budget.open(limits)) {
                                claim.take(5, 10);
                                bothSmall.countDown();
                                assertThat(bothSmall.await(10, TimeUnit.SECONDS)).isTrue();
                                claim.take(10, 10);
                                claim.take(1, 1);
                            }
                            return null;
                        }));
            }
            for (Future<?> each : grown) {
                each.get(10, TimeUnit.SECONDS);
            }
        }
        try (PixelBudget.Claim all = budget.open(limits)) {
            all.take(10, 10);
            assertThatThrownBy(() -> all.take(10, 11)).isInstanceOf(TooLarge.class);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
