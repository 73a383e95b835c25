package hoag.galaxy.cli;

import hoag.kernels.DeviceException;
import hoag.kernels.HoagException;
import java.io.PrintWriter;
import java.util.Locale;
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
        subcommands = {
            DemoCommand.class,
            PredictCommand.class,
            RepresentCommand.class,
            IndexCommand.class,
            SearchCommand.class,
            AnomaliesCommand.class,
            MapCommand.class,
            ClusterCommand.class,
            ServeCommand.class,
            TrainCommand.class,
            FinetuneCommand.class,
            CurveCommand.class,
            SummaryCommand.class,
            SimulateCommand.class,
            EvaluateCommand.class,
            AttendCommand.class,
            InfoCommand.class,
            ConvertCommand.class,
            DownloadCommand.class,
            DevicesCommand.class,
            ModelsCommand.class,
            ExplainCommand.class,
            BenchCommand.class
        },
        footer = {
            "",
            "First steps:",
            "  hoag demo                                 classify the bundled galaxies",
            "  hoag COMMAND --help                       what a command wants, with an example"
        })
public final class Main implements Runnable {
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
        int code = commandLine().execute(args);
        System.out.flush();
        System.exit(code);
    }

    /** The parser with Hoag's exit codes; tests call it too. */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, line, parsed) -> report(e, line.getErr()))
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
