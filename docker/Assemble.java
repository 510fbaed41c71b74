import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Lays out the layers of the image below /out, each as it will lie below /: {@code jre}, {@code
 * libraries}, {@code application} and {@code model}. Reads /build. Takes native libraries of other
 * platforms out of their jars and puts those of this one beside them, so that nothing is unpacked
 * when the service starts. Equal input gives equal files, dates included.
 */
final class Assemble {

    private static final Path BUILD = Path.of("/build");
    private static final Path OUT = Path.of("/out");
    private static final Path APP = BUILD.resolve("quarkus-app");

    /** How the jars spell the platform that this runs on. */
    private static final Set<String> PLATFORM =
            switch (System.getProperty("os.arch")) {
                case "amd64" -> Set.of("linux-x64", "linux-x86_64", "linux-x86-64");
                case "aarch64" -> Set.of("linux-aarch64");
                default ->
                        throw new IllegalStateException(
                                "no native libraries for " + System.getProperty("os.arch"));
            };

    private final FileTime date;

    private Assemble(FileTime date) {
        this.date = date;
    }

    public static void main(String[] arguments) throws IOException {
        long seconds = Long.parseLong(System.getenv("SOURCE_DATE_EPOCH"));
        Assemble assemble = new Assemble(FileTime.fromMillis(seconds * 1000));
        copyTree(BUILD.resolve("jre"), OUT.resolve("jre/opt/java"));
        assemble.libraries(OUT.resolve("libraries/app"));
        nameMachine(OUT.resolve("libraries/etc"));
        Strip.strip(OUT.resolve("jre/opt/java/lib/server/libjvm.so"));
        for (Path library : list(OUT.resolve("libraries/app/native"))) {
            Strip.strip(library);
        }
        application(OUT.resolve("application/app"));
        model(System.getenv("MODEL"), OUT.resolve("model/models"));
        assemble.dateAll();
    }

    /** All jars of others; the project's own change with every build and go with the application. */
    private void libraries(Path to) throws IOException {
        for (String folder : List.of("lib/boot", "lib/main")) {
            Path target = Files.createDirectories(to.resolve(folder));
            for (Path jar : list(APP.resolve(folder))) {
                if (!isOwn(jar)) {
                    copyJar(jar, target.resolve(jar.getFileName()), to.resolve("native"));
                }
            }
        }
    }

    /**
     * Without this file ONNX Runtime 1.29 asks a shell who the machine is, and crashes where there
     * is none. All containers have the same name: there is nothing to tell anybody.
     */
    private static void nameMachine(Path etc) throws IOException {
        Files.createDirectories(etc);
        Files.writeString(etc.resolve("machine-id"), "0".repeat(31) + "1\n");
    }

    private static void application(Path to) throws IOException {
        for (String folder : List.of("app", "quarkus")) {
            copyTree(APP.resolve(folder), to.resolve(folder));
        }
        Path target = Files.createDirectories(to.resolve("lib/main"));
        for (Path jar : list(APP.resolve("lib/main"))) {
            if (isOwn(jar)) {
                Files.copy(jar, target.resolve(jar.getFileName()));
            }
        }
        Files.copy(APP.resolve("quarkus-run.jar"), to.resolve("quarkus-run.jar"));
        Files.copy(BUILD.resolve("docker/jvm.options"), to.resolve("jvm.options"));
        Files.copy(BUILD.resolve("LICENSE"), to.resolve("LICENSE"));
        Files.copy(BUILD.resolve("NOTICE"), to.resolve("NOTICE"));
        Files.createDirectories(to.resolve("health"));
        Files.copy(
                BUILD.resolve("classes/HealthCheck.class"),
                to.resolve("health/HealthCheck.class"));
    }

    private static boolean isOwn(Path jar) {
        return jar.getFileName().toString().startsWith("io.cospace.");
    }

    /** Copies {@code NAME} at its highest version, or {@code NAME/VERSION}. */
    private static void model(String model, Path to) throws IOException {
        Path folder = BUILD.resolve("models").resolve(model);
        if (!Files.exists(folder.resolve("manifest.json"))) {
            folder =
                    list(folder).stream()
                            .filter(version -> Files.exists(version.resolve("manifest.json")))
                            .max(Comparator.comparingInt(Assemble::number))
                            .orElseThrow(() -> new IOException("no bundle is in models/" + model));
        }
        Path name = BUILD.resolve("models").relativize(folder);
        System.out.println("model: " + name);
        copyTree(folder, to.resolve(name));
    }

    private static int number(Path version) {
        String name = version.getFileName().toString();
        return name.matches("\\d{1,9}") ? Integer.parseInt(name) : -1;
    }

    /** Copies a jar as it is, or without native libraries when it has some for other platforms. */
    private void copyJar(Path jar, Path to, Path natives) throws IOException {
        try (ZipFile from = new ZipFile(jar.toFile())) {
            if (from.stream().noneMatch(Assemble::isForeign)) {
                Files.copy(jar, to);
                return;
            }
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
                for (ZipEntry entry : from.stream().toList()) {
                    if (isForeign(entry)) {
                        continue;
                    }
                    try (InputStream content = from.getInputStream(entry)) {
                        if (isLoadedFromFolder(entry)) {
                            Files.createDirectories(natives);
                            Path name = Path.of(entry.getName()).getFileName();
                            Files.copy(content, natives.resolve(name));
                        } else {
                            add(out, entry.getName(), content);
                        }
                    }
                }
            }
        }
        System.out.printf(
                "%s: %,d bytes instead of %,d%n",
                jar.getFileName(), Files.size(to), Files.size(jar));
    }

    private void add(ZipOutputStream out, String name, InputStream content) throws IOException {
        ZipEntry copy = new ZipEntry(name);
        copy.setLastModifiedTime(date);
        out.putNextEntry(copy);
        content.transferTo(out);
        out.closeEntry();
    }

    private static boolean isForeign(ZipEntry entry) {
        String name = entry.getName();
        boolean isNative = name.matches(".*\\.(so|dylib|dll|jnilib|a)|.*\\.dSYM/.*");
        return isNative && !isOfPlatform(name);
    }

    private static boolean isOfPlatform(String name) {
        return Stream.of(name.split("/")).anyMatch(PLATFORM::contains);
    }

    /** Libraries whose loaders can be told a folder, see jvm.options; others unpack their own. */
    private static boolean isLoadedFromFolder(ZipEntry entry) {
        String name = entry.getName();
        return !entry.isDirectory()
                && isOfPlatform(name)
                && (name.startsWith("ai/onnxruntime/native/") || name.startsWith("native/lib/"));
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** A folder's date changes with what is put into it, so the deepest come first. */
    private void dateAll() throws IOException {
        try (Stream<Path> all = Files.walk(OUT)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.setLastModifiedTime(path, date);
            }
        }
    }
}
