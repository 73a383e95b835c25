package hoag.kernels;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Formulas as one reads them: {@code x0 * sigmoid(x0)}. What occurs more than once is named first: {@code t1 = x0 * x1; t1 * sigmoid(t1)}. */
final class ExprText {
    private static final int ADD = 1;
    private static final int MUL = 2;
    private static final int NEG = 3;
    private static final int ATOM = 4;

    private final Map<Expr, String> names = new HashMap<>();

    private ExprText() {}

    static String of(Expr formula) {
        return new ExprText().text(formula);
    }

    private String text(Expr formula) {
        Map<Expr, Integer> uses = new HashMap<>();
        List<Expr> parts = formula.inOrder();
        parts.forEach(part -> part.children().forEach(child -> uses.merge(child, 1, Integer::sum)));
        var text = new StringBuilder();
        for (Expr part : parts) {
            if (uses.getOrDefault(part, 0) > 1 && !part.children().isEmpty()) {
                String whole = infix(part);
                names.put(part, "t" + (names.size() + 1));
                text.append(names.get(part)).append(" = ").append(whole).append("; ");
            }
        }
        return text.append(infix(formula)).toString();
    }

    private String infix(Expr e) {
        return switch (e) {
            case Expr.In(int index) -> "x" + index;
            case Expr.Const(double value) -> number(value);
            case Expr.Apply1(Unary op, Expr x) when op == Unary.NEG -> "-" + part(x, NEG);
            case Expr.Apply1(Unary op, Expr x) -> call(op.name(), x);
            case Expr.Apply2(Binary op, Expr a, Expr b) ->
                switch (op) {
                    case ADD -> part(a, ADD) + " + " + part(b, ADD);
                    case SUB -> part(a, ADD) + " - " + part(b, MUL);
                    case MUL -> part(a, MUL) + " * " + part(b, MUL);
                    case DIV -> part(a, MUL) + " / " + part(b, NEG);
                    default -> call(op.name(), a, b);
                };
            case Expr.Where(Expr condition, Expr yes, Expr no) -> call("where", condition, yes, no);
        };
    }

    private String call(String name, Expr... arguments) {
        return name.toLowerCase(Locale.ROOT)
                + java.util.Arrays.stream(arguments)
                        .map(argument -> part(argument, 0))
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private String part(Expr e, int needs) {
        String name = names.get(e);
        String text = name == null ? infix(e) : name;
        return name != null || binds(e) >= needs ? text : "(" + text + ")";
    }

    private static int binds(Expr e) {
        return switch (e) {
            case Expr.Apply1(Unary op, Expr ignored) when op == Unary.NEG -> NEG;
            case Expr.Apply2(Binary op, Expr ignored, Expr b) ->
                switch (op) {
                    case ADD, SUB -> ADD;
                    case MUL, DIV -> MUL;
                    default -> ATOM;
                };
            case Expr.Const(double value) -> value < 0 ? ADD : ATOM;
            default -> ATOM;
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
