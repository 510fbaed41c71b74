package io.cospace.service.signals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cospace.service.embedding.StageTimes;
import io.cospace.service.signals.CallRecord.Stages;
import io.cospace.service.signals.CallRecord.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AccessLogTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private static CallRecord call(String path) {
        var times = new StageTimes(1_500_000, 20_000, 3_000_000);
        return new CallRecord(
                Instant.parse("2026-11-28T01:02:03.456789Z"),
                "http/1.1",
                "POST",
                path,
                "10.1.2.3",
                "0af7651916cd43dd8448eb211c80319c",
                200,
                null,
                120,
                4_096,
                5_250_400,
                new Work("search", "tiny/1", 3, 1, 12, new Stages(0, times, 5_000_000, 200_000)));
    }

    @Test
    void writes_a_call_as_one_line_of_json() throws IOException {
        Path file = folder.resolve("access.log");
        Files.writeString(file, "{}\n");
        try (AccessLog log = AccessLog.toFile(file)) {
            log.add(call("/embed"));
            log.add(call("/a\"b\n\u0000"));
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1))
                .isEqualTo(
                        "{\"time\":\"2026-11-28T01:02:03.456Z\",\"protocol\":\"http/1.1\","
                                + "\"method\":\"POST\",\"path\":\"/embed\",\"status\":200,"
                                + "\"key\":\"search\",\"model\":\"tiny/1\",\"items\":3,"
                                + "\"failed_items\":1,\"tokens\":12,\"bytes_in\":120,"
                                + "\"bytes_out\":4096,\"duration_ms\":5.25,\"prepare_ms\":1.5,"
                                + "\"queue_ms\":0.02,\"run_ms\":3.0,\"encode_ms\":0.2,"
                                + "\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\","
                                + "\"remote\":\"10.1.2.3\"}");
        assertThat(JSON.readTree(lines.get(2)).get("path").asText()).isEqualTo("/a\"b\n\u0000");
    }

    @Test
    void cuts_a_path_that_would_fill_the_disk() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        AccessLine.write(call("/" + "x".repeat(10_000)), line);

        assertThat(JSON.readTree(line.toByteArray()).get("path").asText()).hasSize(256);
    }

    @Test
    void loses_lines_rather_than_hold_up_calls_and_says_how_many() throws Exception {
        SlowDisk disk = new SlowDisk();
        AccessLog log = new AccessLog(disk, 4).start();
        log.add(call("/first"));
        disk.reached.await();
        for (int i = 0; i < 10; i++) {
            log.add(call("/next"));
        }
        disk.goOn.countDown();
        log.close();

        List<String> lines = disk.toString(UTF_8).lines().toList();
        assertThat(lines).hasSize(1 + 4 + 1);
        JsonNode last = JSON.readTree(lines.getLast());
        assertThat(last.get("lost_lines").asInt()).isEqualTo(6);
    }

    @Test
    void goes_on_after_a_fault_of_the_disk() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        OutputStream broken =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        kept.write(b);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int count) throws IOException {
                        if (failed.getCount() > 0) {
                            failed.countDown();
                            throw new IOException("no space left on device");
                        }
                        kept.write(bytes, from, count);
                    }
                };
        try (AccessLog log = new AccessLog(broken, 4).start()) {
            log.add(call("/lost"));
            failed.await();
            log.add(call("/kept"));
        }

        assertThat(kept.toString(UTF_8)).contains("/kept").doesNotContain("/lost");
    }

    /** Holds its first write back until it is told to go on. */
    private static final class SlowDisk extends ByteArrayOutputStream {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public synchronized void write(byte[] bytes, int from, int count) {
            reached.countDown();
            try {
                goOn.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            super.write(bytes, from, count);
        }
    }
}
