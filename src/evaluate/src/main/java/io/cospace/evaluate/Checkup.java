package io.cospace.evaluate;

import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.Modality;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.error.DeviceException;
import io.cospace.encoder.error.EncoderException;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Devices;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.evaluate.bench.LimitLoop;
import io.cospace.evaluate.bench.Sample;
import io.cospace.evaluate.bench.Workload;
import io.cospace.evaluate.machine.Finding;
import io.cospace.evaluate.machine.Machine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The checks of {@code cospace doctor}, one after the other; each but the machine's needs the one
 * before.
 */
final class Checkup {
    private static final String FP32 = "fp32";

    /** Least cosine to fp32 on the processor: what a precision of a bundle must keep to. */
    private static final double LEAST_COSINE = 0.98;

    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final Machine machine;
    private final Model.Opener opener;
    private final Path bundle;
    private final Device wanted;
    private final Duration duration;
    private final List<Finding> findings = new ArrayList<>();

    Checkup(Machine machine, Model.Opener opener, Path bundle, Device wanted, Duration duration) {
        this.machine = machine;
        this.opener = opener;
        this.bundle = bundle;
        this.wanted = wanted;
        this.duration = duration;
    }

    List<Finding> run() throws InterruptedException {
        findings.addAll(machine.findings());
        try (Model model = opener.open(bundle, settings(wanted, EncoderSettings.AUTO))) {
            findings.add(
                    Finding.ok(
                            "bundle", model.manifest().id() + ": files and self-test are right"));
            findings.add(device(model));
            for (Map.Entry<String, Workload> workload : Specimens.workloads().entrySet()) {
                findings.add(speed(model, workload.getKey(), workload.getValue()));
            }
            findings.add(memory());
            findings.add(parity(model));
        } catch (DeviceException e) {
            findings.add(Finding.failed("device", e.getMessage() + missing()));
        } catch (EncoderException e) {
            findings.add(Finding.failed("bundle", String.valueOf(e.getMessage())));
        }
        // Last: the first to ask for the runtime sets its log level, and that is whoever opens a
        // model.
        findings.add(runtime());
        return findings;
    }

    private static EncoderSettings settings(Device device, String precision) {
        return new EncoderSettings(device, precision, CORES, Verification.FULL);
    }

    private static Finding runtime() {
        return Finding.ok("runtime", Devices.runtime());
    }

    private Finding device(Model model) {
        List<String> towers = new ArrayList<>();
        String fallback = "";
        for (Modality modality : Modality.values()) {
            TowerState state = model.state(modality);
            towers.add(
                    "%s %s on %s"
                            .formatted(
                                    modality.name().toLowerCase(Locale.ROOT),
                                    state.precision(),
                                    state.device()));
            fallback = state.fallback() == null ? fallback : "; " + state.fallback() + missing();
        }
        String text = String.join(", ", towers) + fallback;
        return fallback.isEmpty() ? Finding.ok("device", text) : Finding.note("device", text);
    }

    private String missing() {
        List<String> missing = machine.missingForCuda();
        return missing.isEmpty() ? "" : "; missing here: " + String.join("; ", missing);
    }

    /** The first turn warms up and is thrown away. */
    private Finding speed(Model model, String name, Workload workload) throws InterruptedException {
        LimitLoop.Settings loop = new LimitLoop.Settings(CORES, 256, 4);
        try (LimitLoop limit = new LimitLoop(model.text(), model.images(), workload, loop)) {
            limit.run(duration);
            Sample sample = limit.run(duration);
            String text =
                    String.format(
                            Locale.ROOT,
                            "%.0f a second, %.2f ms of CPU each",
                            sample.itemsPerSecond(),
                            sample.cpuMillisPerItem());
            return sample.items() > 0
                    ? Finding.ok("speed, " + name, text)
                    : Finding.failed("speed, " + name, "nothing was done in " + duration);
        }
    }

    private Finding memory() {
        OptionalLong resident = machine.residentMebibytes();
        return Finding.ok(
                "memory in use",
                resident.isPresent() ? resident.getAsLong() + " MiB resident" : "unknown here");
    }

    /** The same inputs on the processor at fp32; a GPU's own memory is not touched by it. */
    private Finding parity(Model model) {
        boolean precise =
                model.manifest().precisions().text().graphs().containsKey(FP32)
                        && model.manifest().precisions().image().graphs().containsKey(FP32);
        String reference = precise ? FP32 : EncoderSettings.AUTO;
        try (Model cpu = opener.open(bundle, settings(new Device.Cpu(), reference))) {
            double texts = 1;
            List<float[]> expected = texts(cpu);
            List<float[]> found = texts(model);
            for (int i = 0; i < expected.size(); i++) {
                texts = Math.min(texts, Vectors.dot(expected.get(i), found.get(i)));
            }
            double image = Vectors.dot(image(cpu), image(model));
            String text =
                    String.format(
                            Locale.ROOT,
                            "least cosine to %s on cpu: texts %.5f, image %.5f",
                            precise ? FP32 : "the bundle's precision",
                            texts,
                            image);
            return Math.min(texts, image) >= LEAST_COSINE
                    ? Finding.ok("parity", text)
                    : Finding.failed("parity", text + "; must be .98 or more");
        }
    }

    private static List<float[]> texts(Model model) {
        return Specimens.texts().stream()
                .map(text -> model.text().tokenize(text, Task.DOCUMENT))
                .map(text -> model.text().truncate(text, Side.START))
                .map(text -> model.text().embed(List.of(text), Width.NARROW).getFirst())
                .toList();
    }

    private static float[] image(Model model) {
        return model.images()
                .embed(List.of(model.images().prepare(Specimens.image())), Width.NARROW)
                .getFirst();
    }
}
