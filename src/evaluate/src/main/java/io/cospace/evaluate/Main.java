package io.cospace.evaluate;

import io.cospace.encoder.error.EncoderException;
import io.cospace.evaluate.bench.BenchException;
import io.cospace.evaluate.data.DataException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The commands of this module. Exit codes: 0 done, 1 failed (a message says why), 2 wrong usage.
 */
@Command(
        name = "cospace",
        mixinStandardHelpOptions = true,
        description = "Figures of a model bundle.")
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine(EncoderModel::open).execute(args));
    }

    static CommandLine commandLine(Model.Opener opener) {
        CommandLine line = new CommandLine(new Main());
        line.addSubcommand(new EvaluateCommand(opener));
        line.addSubcommand(new VerifyCommand(opener));
        CommandLine bench = new CommandLine(new BenchCommand(opener));
        bench.addSubcommand(new SoakCommand());
        bench.addSubcommand(new ChartCommand());
        bench.addSubcommand(new CapacityCommand());
        line.addSubcommand(bench);
        line.addSubcommand(new LongTextCommand(opener));
        line.addSubcommand(new SimulateCommand());
        line.addSubcommand(new DoctorCommand(opener));
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(Main::explain);
        return line;
    }

    /** Failures that a person can do something about are a line, all others a stack trace. */
    private static int explain(Exception e, CommandLine line, CommandLine.ParseResult parsed)
            throws Exception {
        if (e instanceof EvaluationException
                || e instanceof DataException
                || e instanceof BenchException
                || e instanceof EncoderException) {
            line.getErr().println("cospace: " + e.getMessage());
            return 1;
        }
        throw e;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
