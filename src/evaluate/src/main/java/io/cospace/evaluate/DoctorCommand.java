package io.cospace.evaluate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.onnx.Device;
import io.cospace.evaluate.machine.Finding;
import io.cospace.evaluate.machine.Finding.Level;
import io.cospace.evaluate.machine.Machine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cospace doctor}: a check-up of this machine with a bundle. */
@Command(
        name = "doctor",
        sortOptions = false,
        description = {
            "Checks this machine with a bundle: Java, processor, memory, device, self-test, speed,",
            "and the vectors against those of the processor at fp32. Ends with 1 if a check fails.",
            "With a GPU: build with -Pgpu, then --device cuda."
        })
final class DoctorCommand implements Callable<Integer> {
    private final Model.Opener opener;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "BUNDLE", description = "folder models/NAME/VERSION")
    @SuppressWarnings("NullAway.Init")
    private Path bundle;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "auto, cpu, cuda or cuda:N (default: ${DEFAULT-VALUE})")
    private String device = "auto";

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "for each figure of speed, 1..600 (default: ${DEFAULT-VALUE})")
    private int seconds = 3;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    DoctorCommand(Model.Opener opener) {
        this.opener = opener;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1 || seconds > 600) {
            throw new EvaluationException("--seconds is %d; must be 1..600".formatted(seconds));
        }
        Device wanted = Device.parse(device);
        Checkup checkup =
                new Checkup(Machine.here(), opener, bundle, wanted, Duration.ofSeconds(seconds));
        List<Finding> findings = checkup.run();
        boolean failed = findings.stream().anyMatch(f -> f.level() == Level.FAILED);
        spec.commandLine().getOut().println(json ? json(findings, failed) : text(findings, failed));
        return failed ? 1 : 0;
    }

    private static String text(List<Finding> findings, boolean failed) {
        TextTable table = new TextTable(3, "", "check", "found");
        findings.forEach(f -> table.row(word(f.level()), f.name(), f.detail()));
        return table + (failed ? "\nNot fit: see the lines marked failed." : "\nFit to serve.");
    }

    private static String json(List<Finding> findings, boolean failed) {
        ObjectNode root = JsonMapper.builder().build().createObjectNode();
        root.put("fit", !failed);
        var array = root.putArray("checks");
        findings.forEach(f ->
                array.addObject()
                        .put("name", f.name())
                        .put("level", word(f.level()))
                        .put("detail", f.detail()));
        return Report.pretty(root);
    }

    private static String word(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
