package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.engine.files.JsonNode;
import hoag.engine.train.Plateau;
import hoag.engine.train.Schedule;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules of the learning rate against PyTorch and timm. */
class GoldenScheduleTest {
    private static IntStream schedules() {
        return IntStream.range(
                0, OptimProblem.read("schedules").get("schedules").items().size());
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void schedulesGiveTheSameRates(int index) {
        JsonNode truth = OptimProblem.read("schedules").get("schedules").at(index);
        boolean groups = truth.find("epochs").isPresent();
        List<JsonNode> rows = truth.get(groups ? "epochs" : "steps").items();
        for (int group = 0; group < (groups ? 2 : 1); group++) {
            DoubleUnaryOperator rate = rate(group == 0 ? 1 : 0.1, truth);
            for (int step = 0; step < rows.size(); step++) {
                double want = groups
                        ? rows.get(step).at(group).number()
                        : rows.get(step).number();
                String at = truth.get("name").string() + " group " + group + " step " + step;
                assertEquals(want, rate.applyAsDouble(step), 1e-12 * want, at);
            }
        }
    }

    private static DoubleUnaryOperator rate(double rate, JsonNode truth) {
        OptimProblem.Settings s = new OptimProblem.Settings(truth.get("settings"));
        String name = truth.get("name").string();
        if (name.endsWith("plateau")) {
            double factor = s.number("factor", s.number("decay_rate", 0));
            int patience = (int) s.number("patience", s.number("patience_t", 0));
            Plateau plateau = new Plateau(rate, factor, patience, s.number("threshold", 0), s.number("min_lr", 0));
            double[] losses = truth.get("metric").numbers();
            return step -> plateau.rate(Arrays.copyOf(losses, (int) step));
        }
        Schedule schedule = schedule(name, rate, s);
        return (name.startsWith("timm") ? warmed(schedule, rate, s) : schedule)::rate;
    }

    private static Schedule schedule(String name, double rate, OptimProblem.Settings s) {
        return switch (name) {
            case "timm cosine" ->
                new Schedule.Cycles(
                        rate,
                        s.number("lr_min", 0),
                        s.number("t_initial", 0),
                        s.number("cycle_mul", 1),
                        s.number("cycle_decay", 1),
                        (int) s.number("cycle_limit", 1),
                        s.number("k_decay", 1));
            case "timm step" -> new Schedule.Stairs(rate, s.number("decay_t", 0), s.number("decay_rate", 0));
            case "torch cosine" -> new Schedule.CosineAnnealing(rate, s.number("eta_min", 0), s.number("T_max", 0));
            case "torch step" -> new Schedule.Stairs(rate, s.number("step_size", 0), s.number("gamma", 0));
            case "torch exponential" -> new Schedule.Exponential(rate, s.number("gamma", 0));
            case "torch linear" ->
                new Schedule.Linear(
                        rate, s.number("start_factor", 0), s.number("end_factor", 0), s.number("total_iters", 0));
            case "torch one cycle" -> new Schedule.OneCycle(s.number("max_lr", 0), s.number("total_steps", 0));
            default -> throw new AssertionError("no schedule for " + name);
        };
    }

    private static Schedule warmed(Schedule schedule, double rate, OptimProblem.Settings s) {
        double steps = s.number("warmup_t", 0);
        boolean before = schedule instanceof Schedule.Stairs || s.has("warmup_prefix"); // timm's default for steps
        return new Schedule.WarmUp(rate, s.number("warmup_lr_init", 0), steps, before, schedule);
    }

    /** The short form that trainings use is a warm-up and one cycle. */
    @Test
    void cosineIsOneCycleAfterWarmUp() {
        Schedule brief = new Schedule.Cosine(2, 0.1, 0.02, 5, 20);
        Schedule composed = new Schedule.WarmUp(2, 0.02, 5, false, new Schedule.Cycles(2, 0.1, 20, 1, 1, 1, 1));
        for (int step = 0; step < 30; step++) {
            assertEquals(composed.rate(step), brief.rate(step), 1e-12, "step " + step);
        }
    }
}
