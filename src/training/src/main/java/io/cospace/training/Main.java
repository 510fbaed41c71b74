package io.cospace.training;

import io.cospace.training.dataset.DatasetCommand;
import io.cospace.training.ingredients.IngredientsCommand;
import io.cospace.training.job.TrainCommand;
import io.cospace.training.recipe.DefaultTrainingCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the commands that train and that make data for training. */
@Command(
        name = "cospace",
        description = "Align an image tower with a text embedder, and make data for it.",
        mixinStandardHelpOptions = true,
        subcommands = {
            TrainCommand.class,
            DefaultTrainingCommand.class,
            DatasetCommand.class,
            IngredientsCommand.class
        })
public final class Main {
    private Main() {}

    /** Exits with 0 when the command succeeded, 1 when it failed, 2 when it was not understood. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The commands; a failure is one line on the error output, for its cause is in the message. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(command.getCommandName() + ": " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }
}
