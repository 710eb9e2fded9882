"""Derives the coefficients of exp.ts, tanh.ts, sigmoid.ts and log.ts.

    python3 coefficients.py            prints them, as they stand in those files, with each fit's error bound
    python3 coefficients.py --check    exits with 1 if a printed line is missing in its file

Needs Python 3 and NumPy (made with NumPy 1.24). Every function is written as a rational function of a reduced argument,

    F(t) ≈ P(t) / Q(t)          (Q = 1 for a polynomial)

and the coefficients make the largest weighted error max |w(t) (P(t)/Q(t) - F(t))| smallest ("minimax"). The method is Lawson's:
a weighted least-squares fit is repeated, and each time a point's weight is multiplied by the error found there, so that in the
limit all peaks of the error have one height (C. L. Lawson 1961; for a rational function the fit is made linear by multiplying
by Q and dividing by the previous round's Q: Loeb 1957). Sources: Cody, "A Survey of Practical Rational and Polynomial
Approximation of Functions", SIAM Review 12 (1970); Nakatsukasa, Sète, Trefethen, "The AAA algorithm" (2018), section 6.

A coefficient must be a float32. They are rounded one after the other, the lowest power first, and the others are fitted again after
each, which makes up for most of the rounding.
"""

import sys
from pathlib import Path

import numpy as np


EXP_DEGREE = 5
LOG_DEGREE = 7
TANH_LIMIT = 10
TANH_START = float(np.float32(0.94))
SIGMOID_LIMIT = 20


def chebyshev_points(low, high, count=2000):
    """Points inside [low, high], denser towards the ends."""
    return (low + high) / 2 - (high - low) / 2 * np.cos((np.arange(count) + 0.5) * np.pi / count)


def evaluate(coefficients, t):
    return np.polyval([coefficients[power] for power in sorted(coefficients, reverse=True)], t)


def fit(t, values, weights, degrees, fixed_p, fixed_q, rounds=300):
    """The minimax P and Q, as dictionaries power -> coefficient, and the largest weighted error."""
    free_p = [power for power in range(degrees[0] + 1) if power not in fixed_p]
    free_q = [power for power in range(degrees[1] + 1) if power not in fixed_q]
    lawson, q_before, best = np.ones_like(t), np.ones_like(t), None
    for _ in range(rounds):
        columns = [t**power for power in free_p] + [-values * t**power for power in free_q]
        known = sum(c * values * t**power for power, c in fixed_q.items()) - sum(c * t**power for power, c in fixed_p.items())
        if columns:
            row_weights = np.sqrt(lawson) * weights / np.abs(q_before)
            matrix = np.stack(columns, axis=1) * row_weights[:, None]
            scale = np.linalg.norm(matrix, axis=0)
            solution = np.linalg.lstsq(matrix / scale, known * row_weights, rcond=None)[0] / scale
        else:
            solution = np.zeros(0)
        p = {**fixed_p, **dict(zip(free_p, solution))}
        q = {**fixed_q, **dict(zip(free_q, solution[len(free_p) :]))}
        q_before = evaluate(q, t)
        errors = np.abs(weights * (evaluate(p, t) / q_before - values))
        largest = errors.max()
        if best is None or largest < best[2]:
            best = (p, q, largest)
        lawson = lawson * (errors / largest + 1e-12)
        lawson /= lawson.sum()
    return best


def fit_float32(t, values, weights, degrees, fixed_p=None, fixed_q=None):
    """As `fit`, with every coefficient a float32; those given in `fixed_p` and `fixed_q` are exact."""
    p, q = dict(fixed_p or {}), dict(fixed_q or {0: 1.0})
    for power in range(max(degrees) + 1):
        for degree, fixed, part in ((degrees[0], p, 0), (degrees[1], q, 1)):
            if power <= degree and power not in fixed:
                fixed[power] = float(np.float32(fit(t, values, weights, degrees, p, q)[part][power]))
    return fit(t, values, weights, degrees, p, q, rounds=1)


def exp_coefficients():
    """2^m e^r with r in [0, ln 2]: e^r, relative error, 1 at r = 0."""
    r = chebyshev_points(-1e-6, np.log(2) + 1e-6)
    return fit_float32(r, np.exp(r), np.exp(-r), (EXP_DEGREE, 0), fixed_p={0: 1.0})


def tanh_coefficients():
    """2 tanh(x/2) / x as a function of x² up to TANH_LIMIT², relative error of tanh(x).

    P and Q begin with TANH_START instead of 1: for small x all values then lie just below a power of 2, where the rounding of a float32
    is relatively finer than just above.
    """
    x = chebyshev_points(0, TANH_LIMIT)
    u = np.tanh(x / 2)
    per_unit = (1 - u**2) / (1 + u**2) ** 2 * x  # d tanh(x) / d (2u/x), tanh(x) being 2u / (1 + u²)
    start = {0: TANH_START}
    return fit_float32(x**2, 2 * u / x, per_unit / np.tanh(x), (2, 3), fixed_p=start, fixed_q=start)


def sigmoid_coefficients():
    """tanh(x/4) / x as a function of x² up to SIGMOID_LIMIT², absolute error of sigmoid(x)."""
    x = chebyshev_points(0, SIGMOID_LIMIT)
    u = np.tanh(x / 4)
    per_unit = (1 - u**2) / (1 + u**2) ** 2 * x  # d sigmoid(x) / d (u/x), sigmoid(x) being 1/2 + u / (1 + u²)
    return fit_float32(x**2, u / x, per_unit, (2, 3), fixed_p={0: 0.25})


def log_coefficients():
    """(log(1 + f) - f) / f² with 1 + f in [sqrt(1/2), sqrt(2)], relative error of log(1 + f)."""
    f = chebyshev_points(np.sqrt(0.5) - 1, np.sqrt(2) - 1)
    return fit_float32(f, (np.log1p(f) - f) / f**2, np.abs(f**2 / np.log1p(f)), (LOG_DEGREE, 0), fixed_p={0: -0.5})


def literal(coefficient):
    """The shortest decimal that reads back as this float32, as the sources write it."""
    text = np.format_float_scientific(np.float32(coefficient), trim="-", exp_digits=1)
    mantissa, exponent = text.split("e")
    if -5 < int(exponent) < 6:
        return np.format_float_positional(np.float32(coefficient), trim="-")
    return f"{mantissa}e{exponent}"


def main():
    stale = False
    for name, what, (p, q, error) in (
        ("exp", "relative", exp_coefficients()),
        ("tanh", "relative", tanh_coefficients()),
        ("sigmoid", "absolute", sigmoid_coefficients()),
        ("log", "relative", log_coefficients()),
    ):
        print(f"{name}.ts: {what} error of the approximation {error:.1e}, before rounding in float32")
        source = (Path(__file__).parent / f"{name}.ts").read_text()
        for letter, polynomial in (("P", p), ("Q", q)):
            if len(polynomial) == 1:
                continue
            line = f"const {letter} = memory.data<f32>([{', '.join(literal(polynomial[power]) for power in sorted(polynomial))}]);"
            stale = stale or line not in source
            print(line + ("" if line in source else "    // not so in the file"))
    if "--check" in sys.argv[1:] and stale:
        sys.exit(1)


if __name__ == "__main__":
    main()
