package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.ImageException.TooLarge;
import io.cospace.encoder.image.GoldenTensors.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
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

    private static final CompletableFuture<?> NEVER = new CompletableFuture<>();

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
                                        },
                                        NEVER)));
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
            assertThatThrownBy(() -> decoder.decode(file, image -> Integer.parseInt("none"), NEVER))
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
                            try (PixelBudget.Claim claim = budget.open(limits, NEVER)) {
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
        try (PixelBudget.Claim all = budget.open(limits, NEVER)) {
            all.take(10, 10);
            assertThatThrownBy(() -> all.take(10, 11)).isInstanceOf(TooLarge.class);
        }
    }

    @Test
    void waits_no_longer_than_its_picture_is_wanted_and_is_in_nobodys_way_then() throws Exception {
        ImageLimits limits = new ImageLimits(1, 100, 100);
        PixelBudget budget = new PixelBudget(100);
        CompletableFuture<Void> unwanted = new CompletableFuture<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2);
                PixelBudget.Claim half = budget.open(limits, NEVER)) {
            half.take(10, 5);
            Future<?> large = threads.submit(() -> claim(budget, limits, unwanted, 100));
            while (budget.waiting() < 1) {
                Thread.onSpinWait();
            }
            Future<?> small = threads.submit(() -> claim(budget, limits, NEVER, 50));
            while (budget.waiting() < 2) {
                Thread.onSpinWait();
            }
            assertThat(small.isDone()).as("has its turn after the large one").isFalse();
            boolean _ = unwanted.complete(null);
            assertThatThrownBy(() -> large.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CancellationException.class);
            small.get(10, TimeUnit.SECONDS);
            assertThatThrownBy(() -> claim(budget, limits, unwanted, 100))
                    .as("given up before it came")
                    .isInstanceOf(CancellationException.class);
        }
        claim(budget, limits, NEVER, 100);
    }

    private static void claim(
            PixelBudget budget, ImageLimits limits, CompletableFuture<?> unwanted, int pixels) {
        try (PixelBudget.Claim claim = budget.open(limits, unwanted)) {
            claim.take(pixels, 1);
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
