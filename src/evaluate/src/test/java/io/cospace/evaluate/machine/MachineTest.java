package io.cospace.evaluate.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.evaluate.machine.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    @TempDir Path root;

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Finding find(String name) {
        return Machine.at(root, "").findings().stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void reads_the_processor_and_its_share() throws IOException {
        write("proc/cpuinfo", "model name\t: Xeon\nflags\t\t: fpu avx2 avx512f avx512_vnni\n");
        write("sys/fs/cgroup/cpu.max", "150000 100000\n");
        Finding processor = find("processor");
        assertThat(processor.level()).isEqualTo(Level.OK);
        assertThat(processor.detail())
                .startsWith("Xeon, ")
                .contains("avx2 avx512_vnni avx512f")
                .endsWith("limited to 1.5 cores");
    }

    @Test
    void notes_a_processor_without_int8_instructions() throws IOException {
        write("proc/cpuinfo", "model name\t: Old\nflags\t\t: fpu avx2\n");
        write("sys/fs/cgroup/cpu.max", "max 100000\n");
        Finding processor = find("processor");
        assertThat(processor.level()).isEqualTo(Level.NOTE);
        assertThat(processor.detail()).doesNotContain("limited").contains("VNNI");
    }

    @Test
    void the_smaller_of_memory_and_limit_counts() throws IOException {
        write("proc/meminfo", "MemTotal:       16777216 kB\n");
        assertThat(find("memory").level()).isEqualTo(Level.OK);
        write("sys/fs/cgroup/memory.max", "1073741824\n");
        Finding memory = find("memory");
        assertThat(memory.level()).isEqualTo(Level.NOTE);
        assertThat(memory.detail()).startsWith("16384 MiB, limited to 1024 MiB");
    }

    @Test
    void a_system_that_tells_nothing_is_no_failure() {
        assertThat(Machine.at(root, "").findings())
                .extracting(Finding::level)
                .doesNotContain(Level.FAILED);
        assertThat(Machine.at(root, "").residentMebibytes()).isEmpty();
    }

    @Test
    void names_what_cuda_lacks() throws IOException {
        write("dev/nvidia0", "");
        write("usr/lib64/libcudart.so.12", "");
        write("own/libcudnn.so.9", "");
        String own = root.resolve("own").toString();
        assertThat(Machine.at(root, own).missingForCuda())
                .extracting(line -> line.replaceAll(" \\(.*", ""))
                .containsExactly(
                        "the NVIDIA driver", "libcublas.so", "libcublasLt.so", "libcufft.so");
    }
}
