package io.cospace.evaluate.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Processor, memory and GPU as Linux tells of them below {@code /proc}, {@code /sys} and {@code
 * /dev}; what another system does not tell is left open.
 */
public final class Machine {
    private static final System.Logger LOG = System.getLogger(Machine.class.getName());
    private static final long MIB = 1L << 20;

    /** The default bundle's service under load, with a little to spare. */
    private static final long ENOUGH = 1_400 * MIB;

    private static final List<String> FEATURES =
            List.of("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm");

    /** Any of these multiplies int8 in one instruction. */
    private static final Set<String> INT8 =
            Set.of("avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm");

    /** What the CUDA provider of ONNX Runtime loads, of whatever version. */
    private static final List<String> CUDA_LIBRARIES =
            List.of("libcudart.so", "libcublas.so", "libcublasLt.so", "libcufft.so", "libcudnn.so");

    private static final List<String> LIBRARY_FOLDERS =
            List.of(
                    "usr/lib/x86_64-linux-gnu",
                    "usr/lib/aarch64-linux-gnu",
                    "usr/lib64",
                    "usr/local/lib",
                    "usr/local/cuda/lib64");

    private final Path root;
    private final String libraryPath;

    private Machine(Path root, String libraryPath) {
        this.root = root;
        this.libraryPath = libraryPath;
    }

    /** This one. */
    public static Machine here() {
        String path = System.getenv("LD_LIBRARY_PATH");
        return at(Path.of("/"), path == null ? "" : path);
    }

    /** One whose system files lie below a folder. */
    static Machine at(Path root, String libraryPath) {
        return new Machine(root, libraryPath);
    }

    /** Java, processor and memory. */
    public List<Finding> findings() {
        return List.of(java(), processor(), memory());
    }

    private static Finding java() {
        String text = System.getProperty("java.vm.name") + " " + System.getProperty("java.version");
        int feature = Runtime.version().feature();
        return feature >= 25
                ? Finding.ok("java", text)
                : Finding.failed("java", text + "; must be 25 or newer");
    }

    private Finding processor() {
        Set<String> has = new TreeSet<>(FEATURES);
        has.retainAll(flags());
        String text =
                "%s, %d cores in use, %s"
                        .formatted(
                                field("proc/cpuinfo", "model name")
                                        .orElse(System.getProperty("os.arch")),
                                Runtime.getRuntime().availableProcessors(),
                                has.isEmpty() ? "features unknown" : String.join(" ", has));
        text += quota().map(q -> ", limited to " + q + " cores").orElse("");
        return has.isEmpty() || has.stream().anyMatch(INT8::contains)
                ? Finding.ok("processor", text)
                : Finding.note("processor", text + "; without VNNI int8 gains little over fp32");
    }

    private Set<String> flags() {
        String flags =
                field("proc/cpuinfo", "flags")
                        .or(() -> field("proc/cpuinfo", "Features"))
                        .orElse("");
        return new TreeSet<>(List.of(flags.split(" ", -1)));
    }

    /** Of the control group, in cores. */
    private Optional<String> quota() {
        String[] parts = read("sys/fs/cgroup/cpu.max").orElse("").strip().split(" ", -1);
        if (parts.length != 2 || parts[0].equals("max")) {
            return Optional.empty();
        }
        double cores = Double.parseDouble(parts[0]) / Double.parseDouble(parts[1]);
        return Optional.of(String.format(Locale.ROOT, "%.1f", cores));
    }

    private Finding memory() {
        OptionalLong all = kibibytes("proc/meminfo", "MemTotal");
        OptionalLong limit = limit();
        String text =
                (all.isPresent() ? all.getAsLong() / MIB + " MiB" : "size unknown")
                        + (limit.isPresent()
                                ? ", limited to " + limit.getAsLong() / MIB + " MiB"
                                : ", no limit")
                        + ", Java heap up to "
                        + Runtime.getRuntime().maxMemory() / MIB
                        + " MiB";
        long usable = Math.min(all.orElse(Long.MAX_VALUE), limit.orElse(Long.MAX_VALUE));
        return usable >= ENOUGH
                ? Finding.ok("memory", text)
                : Finding.note("memory", text + "; serving took 1.2 GB under load");
    }

    /** Of the control group (version 2). */
    private OptionalLong limit() {
        String text = read("sys/fs/cgroup/memory.max").orElse("max").strip();
        return text.matches("\\d+") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** Memory of this process that is in use, MiB; empty where the system does not tell. */
    public OptionalLong residentMebibytes() {
        OptionalLong bytes = kibibytes("proc/self/status", "VmRSS");
        return bytes.isPresent() ? OptionalLong.of(bytes.getAsLong() / MIB) : bytes;
    }

    /** What a CUDA device needs and this machine does not have, beside the right build. */
    public List<String> missingForCuda() {
        List<String> missing = new ArrayList<>();
        if (!Files.exists(root.resolve("proc/driver/nvidia/version"))) {
            missing.add("the NVIDIA driver (no /proc/driver/nvidia/version)");
        }
        if (!Files.exists(root.resolve("dev/nvidia0"))) {
            missing.add("a device (no /dev/nvidia0; in a container: the NVIDIA container toolkit)");
        }
        Set<String> names = libraries();
        for (String library : CUDA_LIBRARIES) {
            if (names.stream().noneMatch(name -> name.startsWith(library))) {
                missing.add(library + " (looked in LD_LIBRARY_PATH and the usual folders)");
            }
        }
        return missing;
    }

    private Set<String> libraries() {
        List<Path> folders = new ArrayList<>();
        LIBRARY_FOLDERS.forEach(folder -> folders.add(root.resolve(folder)));
        for (String folder : libraryPath.split(":", -1)) {
            if (!folder.isEmpty()) {
                folders.add(Path.of(folder));
            }
        }
        Set<String> names = new TreeSet<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    files.forEach(file -> names.add(String.valueOf(file.getFileName())));
                } catch (IOException e) {
                    LOG.log(System.Logger.Level.DEBUG, "nothing can be loaded from " + folder, e);
                }
            }
        }
        return names;
    }

    private OptionalLong kibibytes(String file, String name) {
        return field(file, name)
                .map(value -> value.replaceAll("\\D", ""))
                .filter(value -> !value.isEmpty())
                .map(value -> OptionalLong.of(Long.parseLong(value) * 1024))
                .orElse(OptionalLong.empty());
    }

    private Optional<String> field(String file, String name) {
        return read(file).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
