package io.cospace.evaluate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.bundle.Verification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cospace verify}: a bundle against the figures that its manifest promises. */
@Command(
        name = "verify",
        sortOptions = false,
        description = {
            "Opens a bundle with all checks (checksums, signatures, self-test), measures its stored",
            "targets again (retrieval figures for each precision, cosine to fp32) and fails when one",
            "is below 99 % of what the manifest says."
        })
final class VerifyCommand implements Callable<Integer> {
    private final Model.Opener opener;

    @Mixin private final BundleOptions bundle = new BundleOptions();

    @Option(
            names = "--pairs",
            paramLabel = "FILE",
            description =
                    "data sets that targets name, recognised by their checksum"
                            + " (default: the files in the folder 'pairs' beside the model's)")
    private List<Path> pairs = List.of();

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    VerifyCommand(Model.Opener opener) {
        this.opener = opener;
    }

    @Override
    public Integer call() {
        BundleChecks checks =
                new BundleChecks(
                        precision ->
                                opener.open(
                                        bundle.folder,
                                        bundle.settings(precision, Verification.FULL)),
                        bundle.device,
                        bundle.threads);
        List<DataFile> data =
                DataFile.of(pairs.isEmpty() ? DataFile.besides(bundle.folder) : pairs);
        List<Check> results;
        try (Progress progress = Progress.of(spec, "embedded")) {
            results = checks.run(data, progress);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? json(results) : text(results));
        return results.stream().allMatch(Check::passed) ? 0 : 1;
    }

    private static String text(List<Check> results) {
        TextTable table = new TextTable(2, "check", "result", "target", "floor", "measured");
        for (Check check : results) {
            table.row(
                    check.name(),
                    !check.isMeasured() ? "unmeasured" : check.passed() ? "ok" : "FAILED",
                    number(check.target()),
                    number(check.floor()),
                    number(check.measured()));
        }
        long failed = results.stream().filter(check -> !check.passed()).count();
        return "%s%n%d of %d checks failed".formatted(table, failed, results.size());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String json(List<Check> results) {
        ObjectNode root = JsonMapper.builder().build().createObjectNode();
        root.put("passed", results.stream().allMatch(Check::passed));
        ArrayNode checks = root.putArray("checks");
        for (Check check : results) {
            checks.addObject()
                    .put("name", check.name())
                    .put("passed", check.passed())
                    .put("unmeasured", !check.isMeasured())
                    .put("target", check.target())
                    .put("floor", check.floor())
                    .put("measured", check.measured());
        }
        return Report.pretty(root);
    }
}
