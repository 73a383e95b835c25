// Functions that formulas call, in float64: what hoag.kernels.Special and java.lang.Math compute, by the same rules (see those for the sources).
// Their PTX is put before a kernel whose formula names one; the driver drops what is not called.
#include "hoag.cuh"

#ifdef HOAG_HOST
#define FUNCTION extern "C"
#else
#define FUNCTION extern "C" __device__ __noinline__
#endif

FUNCTION double hoag_sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
FUNCTION double hoag_floor(double x) { return floor(x); }
FUNCTION double hoag_ceil(double x) { return ceil(x); }
FUNCTION double hoag_round_even(double x) { return rint(x); }
FUNCTION double hoag_exp(double x) { return exp(x); }
FUNCTION double hoag_expm1(double x) { return expm1(x); }
FUNCTION double hoag_log(double x) { return log(x); }
FUNCTION double hoag_log1p(double x) { return log1p(x); }
FUNCTION double hoag_sigmoid(double x) { return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)); }
FUNCTION double hoag_softplus(double x) { return (x > 0 || x != x ? x : 0) + log1p(exp(-fabs(x))); }
FUNCTION double hoag_log_sigmoid(double x) { return -((-x > 0 || x != x ? -x : 0) + log1p(exp(-fabs(x)))); }
FUNCTION double hoag_tanh(double x) { return tanh(x); }
FUNCTION double hoag_sin(double x) { return sin(x); }
FUNCTION double hoag_cos(double x) { return cos(x); }
FUNCTION double hoag_tan(double x) { return tan(x); }
FUNCTION double hoag_sinh(double x) { return sinh(x); }
FUNCTION double hoag_cosh(double x) { return cosh(x); }
FUNCTION double hoag_atan(double x) { return atan(x); }
FUNCTION double hoag_asinh(double x) { return asinh(x); }
FUNCTION double hoag_erf(double x) { return erf(x); }
FUNCTION double hoag_erfc(double x) { return erfc(x); }
FUNCTION double hoag_normal_cdf(double x) { return 0.5 * erfc(-x * 0.70710678118654752440); }
FUNCTION double hoag_pow(double a, double b) {
    return b == 0 ? 1 : b != b || (fabs(a) == 1 && isinf(b)) ? NAN : pow(a, b);  // as Math.pow
}
FUNCTION double hoag_atan2(double a, double b) { return atan2(a, b); }

// ---- lgamma and its derivatives

#define LARGE 10.0
#define TERMS 7

DEVICE double stirlingTerm(int j) {
    const double c[TERMS] = {1 / 12.0, -1 / 360.0, 1 / 1260.0, -1 / 1680.0, 1 / 1188.0, -691 / 360360.0, 1 / 156.0};
    return c[j];
}

DEVICE double digammaTerm(int j) {
    const double c[TERMS] = {1 / 12.0, -1 / 120.0, 1 / 252.0, -1 / 240.0, 1 / 132.0, -691 / 32760.0, 1 / 12.0};
    return c[j];
}

DEVICE double trigammaTerm(int j) {
    const double c[TERMS] = {1 / 6.0, -1 / 30.0, 1 / 42.0, -1 / 30.0, 5 / 66.0, -691 / 2730.0, 7 / 6.0};
    return c[j];
}

// The sum of term(j) x^(-2j).
template <class Term>
DEVICE double series(Term term, double x) {
    double y = 1 / (x * x), sum = 0;
#pragma unroll
    for (int j = TERMS - 1; j >= 0; j--) sum = sum * y + term(j);
    return sum;
}

DEVICE double sinPi(double x) {
    double r = x - 2 * rint(x / 2);
    return sin(3.14159265358979323846 * (fabs(r) > 0.5 ? copysign(1.0, r) - r : r));
}

FUNCTION double hoag_lgamma(double x) { return lgamma(x); }

FUNCTION double hoag_digamma(double x) {
    if (x == 0) return copysign(INFINITY, -x);
    double reflected = 0;
    if (x < 0) {
        if (x == rint(x)) return NAN;
        reflected = -3.14159265358979323846 * sinPi(x + 0.5) / sinPi(x);
        x = 1 - x;
    }
    double below = 0;
    for (; x < LARGE; x += 1) below += 1 / x;
    return log(x) - 0.5 / x - series(digammaTerm, x) / (x * x) - below + reflected;
}

FUNCTION double hoag_trigamma(double x) {
    double sign = 1, reflected = 0;
    if (x <= 0) {
        double s = sinPi(x);
        if (s == 0) return INFINITY;
        reflected = 9.86960440108935861883 / (s * s);
        sign = -1;
        x = 1 - x;
    }
    double below = 0;
    for (; x < LARGE; x += 1) below += 1 / (x * x);
    double value = isinf(x) ? 0 : (1 + (0.5 + series(trigammaTerm, x) / x) / x) / x + below;
    return reflected + sign * value;
}

// lgamma(a + k) - lgamma(a) and its derivative in a, every step a difference (see hoag.kernels.GammaDifferences).
FUNCTION double hoag_rising(double a, double k) {
    if (k == 0) return 0;
    if (!(a > 0 && a + k > 0)) return lgamma(a + k) - lgamma(a);
    if (k <= 8 && k > 0 && k == rint(k) && a < 1e30) {
        double product = a;
        for (int i = 1; i < (int) k; i++) product *= a + i;
        return log(product);
    }
    double below = 0;
    for (; a < LARGE; a += 1) below += log1p(k / a);
    double p = 1 / (a + k), q = 1 / a, terms = 1, power = 1, sum = stirlingTerm(0);
#pragma unroll
    for (int j = 1; j < TERMS; j++) {
        terms = terms * p + (power *= q);
        terms = terms * p + (power *= q);
        sum += stirlingTerm(j) * terms;
    }
    return (a - 0.5) * log1p(k / a) - k + k * log(a + k) - k * p * q * sum - below;
}

FUNCTION double hoag_digamma_rising(double a, double k) {
    if (k == 0) return 0;
    if (!(a > 0 && a + k > 0)) return hoag_digamma(a + k) - hoag_digamma(a);
    double below = 0;
    for (; a < LARGE; a += 1) below += k / a / (a + k);
    double p = 1 / (a + k), q = 1 / a, terms = p + q, power = q, sum = digammaTerm(0) * terms;
#pragma unroll
    for (int j = 1; j < TERMS; j++) {
        terms = terms * p + (power *= q);
        terms = terms * p + (power *= q);
        sum += digammaTerm(j) * terms;
    }
    return log1p(k / a) + 0.5 * k * p * q + k * p * q * sum + below;
}
