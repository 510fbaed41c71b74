package io.cospace.training.job;

import io.cospace.training.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that runs {@code cospace train} and stops in the middle, for tests that kill it: when a
 * line of progress starts as asked, it leaves a file and does no more.
 */
final class ChildJob {
    private ChildJob() {}

    /** The line's start, the file, then the arguments of the command. */
    public static void main(String[] arguments) {
        List<String> all = new ArrayList<>(List.of("train"));
        all.addAll(Arrays.asList(arguments).subList(2, arguments.length));
        Writer told = new Stopping(arguments[0], Path.of(arguments[1]));
        System.exit(
                Main.commandLine()
                        .setErr(new PrintWriter(told, true))
                        .execute(all.toArray(String[]::new)));
    }

    private static final class Stopping extends Writer {
        private final String at;
        private final Path mark;
        private final StringBuilder seen = new StringBuilder();

        Stopping(String at, Path mark) {
            this.at = at;
            this.mark = mark;
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            seen.append(text, from, length);
            System.out.print(new String(text, from, length));
            if (seen.toString().lines().anyMatch(line -> line.startsWith(at))) {
                Files.createFile(mark);
                // Until it is killed; data threads go on working.
                while (true) {
                    LockSupport.park();
                }
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Starts one; its output goes to a file. */
    static Process start(Path log, String at, Path mark, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx512m",
                                "-Djava.awt.headless=true",
                                "-Dcospace.root=" + System.getProperty("cospace.root"),
                                ChildJob.class.getName(),
                                at,
                                mark.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder child =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // Not in the command: with one of about 5,000 characters ONNX Runtime 1.29 recurses so
        // deeply when it is loaded that the main thread's stack overflows.
        child.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return child.start();
    }
}
