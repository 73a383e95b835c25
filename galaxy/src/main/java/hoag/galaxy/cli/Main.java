package hoag.galaxy.cli;

import hoag.kernels.DeviceException;
import hoag.kernels.HoagException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 done, 1 something the user can cure, 2 a defect of Hoag, 3 the device is missing. */
@Command(
        name = "hoag",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Deep learning for galaxy images.",
        footer = {
            "",
            "First steps:",
            "  hoag demo                                 classify the bundled galaxies",
            "  hoag COMMAND --help                       what a command wants, with an example"
        })
public final class Main implements Runnable {
    /** By name, in the order of the help. */
    static final List<Map.Entry<String, Class<?>>> COMMANDS = List.of(
            Map.entry("demo", DemoCommand.class),
            Map.entry("predict", PredictCommand.class),
            Map.entry("represent", RepresentCommand.class),
            Map.entry("index", IndexCommand.class),
            Map.entry("search", SearchCommand.class),
            Map.entry("anomalies", AnomaliesCommand.class),
            Map.entry("map", MapCommand.class),
            Map.entry("cluster", ClusterCommand.class),
            Map.entry("serve", ServeCommand.class),
            Map.entry("train", TrainCommand.class),
            Map.entry("finetune", FinetuneCommand.class),
            Map.entry("curve", CurveCommand.class),
            Map.entry("summary", SummaryCommand.class),
            Map.entry("simulate", SimulateCommand.class),
            Map.entry("evaluate", EvaluateCommand.class),
            Map.entry("attend", AttendCommand.class),
            Map.entry("info", InfoCommand.class),
            Map.entry("convert", ConvertCommand.class),
            Map.entry("download", DownloadCommand.class),
            Map.entry("devices", DevicesCommand.class),
            Map.entry("models", ModelsCommand.class),
            Map.entry("explain", ExplainCommand.class),
            Map.entry("bench", BenchCommand.class));

    private static final int HELP_WIDTH = 130;
    static final int USER = 1;
    static final int DEFECT = 2;
    static final int DEVICE = 3;

    @Spec
    CommandSpec spec;

    private Main() {}

    /** Runs a command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // the same words and numbers in every country, those of libraries too
        int code = commandLine(args).execute(args);
        System.out.flush();
        System.exit(code);
    }

    /**
     * The parser with Hoag's exit codes; tests call it too. Of arguments that begin with a command it knows that one alone: to read what all of them take
     * is a tenth of the time of a short run.
     */
    static CommandLine commandLine(String... args) {
        var named = COMMANDS.stream()
                .filter(command -> args.length > 0 && command.getKey().equals(args[0]))
                .toList();
        return commandLine(named.isEmpty() ? COMMANDS : named);
    }

    private static CommandLine commandLine(List<Map.Entry<String, Class<?>>> commands) {
        CommandLine line = new CommandLine(new Main());
        commands.forEach(command -> line.addSubcommand(command.getKey(), command.getValue()));
        return line.setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, failed, parsed) -> report(e, failed.getErr()))
                .setParameterExceptionHandler(Main::misuse);
    }

    private static int misuse(CommandLine.ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println("hoag: " + e.getMessage() + " (see hoag " + name(e.getCommandLine()) + "--help)");
        return USER;
    }

    private static String name(CommandLine line) {
        return line.getParent() == null ? "" : name(line.getParent()) + line.getCommandName() + " ";
    }

    private static int report(Exception e, PrintWriter err) {
        switch (e) {
            case DeviceException device -> {
                err.println("hoag: " + device.getMessage());
                return DEVICE;
            }
            case HoagException user -> {
                err.println("hoag: " + user.getMessage());
                return USER;
            }
            default -> {
                err.println("hoag: a defect of Hoag: " + e);
                e.printStackTrace(err);
                return DEFECT;
            }
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The version that the jar's manifest states. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {hoag.galaxy.Version.text()};
        }
    }
}
