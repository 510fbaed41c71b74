package io.cospace.export;

import io.cospace.export.importer.ImportCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the commands that make bundles and look into weights. */
@Command(
        name = "cospace",
        description = "Make model bundles, and look into weights.",
        mixinStandardHelpOptions = true,
        subcommands = {ExportCommand.class, ImportCommand.class, InspectCommand.class})
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
