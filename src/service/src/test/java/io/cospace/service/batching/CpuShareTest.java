package io.cospace.service.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(30)
class CpuShareTest {

    /** Place of the nice value behind the name of the thread in its stat file, see proc(5). */
    private static final int NICE = 16;

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_thread_stands_back_and_no_other_does() throws Exception {
        int before = niceness();
        CompletableFuture<Integer> other = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            boolean _ = CpuShare.standBack(before + 3);
                            other.complete(niceness());
                        });
        thread.join();

        assertThat(other.join()).isEqualTo(before + 3);
        assertThat(niceness()).isEqualTo(before);
    }

    @Test
    void zero_leaves_a_thread_as_it_is_and_beyond_the_range_is_refused() {
        assertThat(CpuShare.standBack(0)).isFalse();
        assertThatThrownBy(() -> CpuShare.standBack(20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("niceness is 20; must be 0 .. 19");
    }

    private static int niceness() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
