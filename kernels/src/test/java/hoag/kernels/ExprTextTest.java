package hoag.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Formulas print as one would write them, brackets only where they are needed. */
class ExprTextTest {
    private static final Expr X = Expr.in(0);
    private static final Expr Y = Expr.in(1);

    @Test
    void bracketsKeepTheMeaning() {
        assertEquals("x0 * (x0 + 1)", X.times(X.plus(1)).toString());
        assertEquals("x0 - (x1 - 2)", X.minus(Y.minus(2)).toString());
        assertEquals("x0 / (x1 * x0)", X.over(Y.times(X)).toString());
        assertEquals("-(x0 + x1)", X.plus(Y).negate().toString());
        assertEquals("x0 * (-3)", X.times(-3).toString());
    }

    @Test
    void functionsAreCalled() {
        assertEquals("x0 * sigmoid(x0)", X.times(X.sigmoid()).toString());
        assertEquals(
                "where(le(x0, 0), 0, x0)",
                Expr.where(X.apply(Binary.LE, Expr.of(0)), Expr.of(0), X).toString());
    }

    @Test
    void whatOccursTwiceHasAName() {
        Expr shared = X.times(Y);
        assertEquals(
                "t1 = x0 * x1; t1 * sigmoid(t1)", shared.times(shared.sigmoid()).toString());
    }
}
