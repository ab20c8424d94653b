"""Writes for Coq what hw3 computes, run on symbols: theorems that it is what the models of the proofs compute.

python tests/coq/goals_from_code.py FOLDER writes a file for each model. A theorem holds for all numbers in place of the symbols.
"""

import sys
from itertools import product
from pathlib import Path

import numpy as np

from claimcheck import counted, tally
from claimcheck.proofs.formulas import Formulas, Term, theorem
from claimcheck.symbolic import Symbolic, symbols
from hw3 import exact_momentum, lstm, mdrnn, momentum

ALGEBRA = """From mathcomp Require Import all_ssreflect all_algebra ring.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
"""


UNEQUAL = set()
"""Pairs of expressions that are not equal for any numbers of which the goals are."""


def same_for_all_numbers(value, other):
    """Return whether expressions are equal; refuse it if that depends: a goal is of the way that code takes for all."""
    if value != other and (value, other) not in UNEQUAL:
        raise TypeError(f"{value} is compared with {other}: expected code that goes the same way for all numbers")
    return value == other


Symbolic.same = staticmethod(same_for_all_numbers)


def symbol(name):
    return symbols(name, ()).item()


def variables(names):
    return f"Variables ({' '.join(names)} : R)."


# Problem 1

ROWS = r"""Definition row (R : comRingType) n (f : nat -> R) : 'rV_n := \row_j f j.
Definition square (R : comRingType) n (f : nat -> nat -> R) : 'M_n := \matrix_(i, j) f i j.
Section Rows.
Variables (R : comRingType) (n : nat).
Implicit Types f g : nat -> R.
Local Notation row := (@row R n).
Local Notation square := (@square R n).
Lemma row_add f g : row f + row g = row (fun j => f j + g j). Proof. by apply/rowP => j; rewrite !mxE. Qed.
Lemma row_sub f g : row f - row g = row (fun j => f j - g j). Proof. by apply/rowP => j; rewrite !mxE. Qed.
Lemma row_times f g : times (row f) (row g) = row (fun j => f j * g j). Proof. by apply/rowP => j; rewrite !mxE. Qed.
Lemma row_map (r : R -> R) f : map_mx r (row f) = row (fun j => r (f j)). Proof. by apply/rowP => j; rewrite !mxE. Qed.
Lemma row_one : const_mx 1 = row (fun _ => 1). Proof. by apply/rowP => j; rewrite !mxE. Qed.
Lemma row_zero : 0 = row (fun _ => 0). Proof. by apply/rowP => j; rewrite !mxE. Qed.
Lemma row_mul f w : row f *m square w = row (fun j => foldr (fun i a => f i * w i j + a) 0 (iota 0 n)).
Proof.
have sum (F : nat -> R) s : \sum_(i <- s) F i = foldr (fun i a => F i + a) 0 s.
  by elim: s => [|i s IH]; rewrite ?big_nil // big_cons IH.
have all : iota 0 n = index_iota 0 n by rewrite /index_iota subn0.
apply/rowP => j; rewrite !mxE -(sum (fun i => f i * w i j)) all big_mkord.
by apply: eq_bigr => i _; rewrite !mxE.
Qed.
Lemma square_tr w : (square w)^T = square (fun i j => w j i). Proof. by apply/matrixP => i j; rewrite !mxE. Qed.
Lemma outer f g : (row f)^T *m row g = square (fun i j => f i * g j).
Proof. by apply/matrixP => i j; rewrite !mxE big_ord1 !mxE. Qed.
Lemma square_add w v : square w + square v = square (fun i j => w i j + v i j).
Proof. by apply/matrixP => i j; rewrite !mxE. Qed.
Lemma row_any (r : 'rV[R]_n) : exists f, r = row f.
Proof.
case: n r => [|m] r; first by exists (fun _ => 0); apply/rowP; case.
by exists (fun j => r 0 (inord j)); apply/rowP => j; rewrite mxE inord_val.
Qed.
Lemma same_rows f g : (forall j, (j < n)%N -> f j = g j) -> row f = row g.
Proof. by move=> same; apply/rowP => j; rewrite !mxE same. Qed.
Lemma same_squares v w : (forall i j, (i < n)%N -> (j < n)%N -> v i j = w i j) -> square v = square w.
Proof. by move=> same; apply/matrixP => i j; rewrite !mxE same. Qed.
End Rows.
Ltac rows := rewrite ?(row_one, row_map, row_mul, square_tr, outer, row_times, row_add, row_sub, addr0, square_add)."""

TACTICS = r"""Ltac same_tanh := repeat match goal with T : ?t = tanh _ |- context [tanh ?a] =>
  rewrite (_ : tanh a = t); [| rewrite T; congr (tanh _); ring] end.
(* The values after T, which meet bars that are 0. *)
Ltac unseen := repeat match goal with |- context [run sigma tanh ?m 3 ?Q] =>
  let u := fresh in let E := fresh in have [u E] := row_any (run sigma tanh m 3 Q); rewrite E; clear E end.
Ltac each := rewrite /sigma /=; same_tanh; ring."""

GATES, QUANTITIES, STEPS = "ifog", "ifogch", (1, 2)


class Rows:
    """Writes arrays of numbers as rows and square matrices."""

    def __init__(self, size):
        self.size, self.formulas = size, Formulas()

    def text(self, values):
        if values.ndim == 1:
            return f"(row {self.size} (nth 0 {self.sequence(values)}))"
        return f"(square {self.size} (fun i j => nth 0 (nth [::] [:: {'; '.join(map(self.sequence, values))}] i) j))"

    def sequence(self, values):
        return f"[:: {'; '.join(map(self.formulas.text, values))}]"


def lstm_file(size, parts=("forward", "bars", "weights")):
    """Return the goals of an LSTM with T = 2 and D = H = size: forward from its definitions, backward from what forward had."""
    w = lstm.Weights(*(symbols(f"w_{name}", (size, size)) for name in lstm.Weights._fields))
    x, k = (symbols(name, (2, size)) for name in "xk")
    h0, c0 = symbols("h0", size), symbols("c0", size)
    plain, forward, backward = (Rows(size) for _ in range(3))
    trace = lstm.forward(w, x, h0, c0)
    given = {(q, t): symbols(f"{q}{t}", size) for t in STEPS for q in QUANTITIES} | {("c", 0): c0, ("h", 0): h0}
    gates = (np.array([given[q, t] for t in STEPS]) for q in GATES)
    states = (np.array([given[q, t] for t in (0, *STEPS)]) for q in "ch")
    bars = lstm.backward(w, lstm.Trace(x, *gates, *states), k)
    names = [str(symbol) for array in (*w, x, k, h0, c0) for symbol in array.flat]
    return [
        "From hw3 Require Import lstm_gradient.",
        "Arguments run : simpl never. Arguments bars : simpl never.",
        ALGEBRA,
        "Local Open Scope ring_scope.",
        ROWS,
        "Section Code.",
        "Variables (R : comRingType) (tanh : R -> R) (half : R).",
        variables(names),
        "(* The logistic function of the code. *)",
        "Let sigma z := half * (1 + tanh (half * z)).",
        f"Local Notation net := (Network {by_gate(plain, w, 'x')} {by_gate(plain, w, 'h')}",
        f"  (nth 0 [:: 0; {plain.text(x[0])}; {plain.text(x[1])}]) {plain.text(h0)} {plain.text(c0)} (fun _ _ => 0)).",
        "Local Notation q Q t := (run sigma tanh net t%N Q).",
        f"Local Notation direct := (nth 0 [:: 0; {plain.text(k[0])}; {plain.text(k[1])}]).",
        "Local Notation b Q t := (bars sigma tanh net 2 direct Q t%N).",
        TACTICS,
        f"Ltac entries := rows; apply: same_rows => {CASES[size]} _; each.",
        f"Ltac all_entries := rows; apply: same_squares => {CASES[size]} {CASES[size]} _ _; each.",
        f"Let start_c : q C 0 = {plain.text(c0)}. Proof. by []. Qed.",
        f"Let start_h : q H 0 = {plain.text(h0)}. Proof. by []. Qed.",
        *(forward_goals(size, forward, trace) if "forward" in parts else ()),
        "Section Backward.",
        *known_of_forward(size, plain, backward, given, bars),
        *bar_goals(size, backward, bars, proved="bars" in parts),
        *(weight_goals(size, backward, bars) if "weights" in parts else ()),
        "End Backward.",
        "End Code.",
    ]


CASES = {1: "-[|//]", 2: "-[|[|//]]"}


def forward_goals(size, rows, trace):
    values = {(q, t): rows.text(at(trace, q, t)) for t in STEPS for q in QUANTITIES}
    yield from ("Section Forward.", *equations(rows.formulas))
    for t in STEPS:
        before = {q: f"?start_{q}" if t == 1 else f"?code_forward_{q}{t - 1}" for q in "hc"}
        of_t = " ".join(f"?code_forward_{q}{t}" for q in "fig")
        proofs = dict.fromkeys(GATES, f"rewrite run_gate // {before['h']} /= addr0; entries") | {
            "c": f"rewrite run_c {before['c']} {of_t} /=; entries",
            "h": f"rewrite run_h ?code_forward_o{t} ?code_forward_c{t} /=; entries",
        }
        for q in QUANTITIES:
            says = f"What hw3.lstm.forward computes for {q}({t}), D = H = {size}, is what the model computes"
            yield goal(f"forward_{q}{t}", says, f"q {q.upper()} {t} = {values[q, t]}", [proofs[q]])
    yield "End Forward."


def known_of_forward(size, plain, rows, given, bars):
    """Return as hypotheses what is known when the backward pass begins, with names for all tanhs of the bars."""
    every = (*bars.weights, *(bar for name in QUANTITIES + "x" for bar in getattr(bars, name)))
    for bar in every:
        rows.text(bar)
    yield variables([str(symbol) for t in STEPS for q in QUANTITIES for symbol in given[q, t]])
    yield from (
        f"Hypothesis q_{q}{t} : q {q.upper()} {t} = {plain.text(given[q, t])}." for t in STEPS for q in QUANTITIES
    )
    yield from equations(rows.formulas)
    yield "Let of_run := (" + ", ".join(f"q_{q}{t}" for t in STEPS for q in QUANTITIES) + ", start_c, start_h)."
    yield f"Let later Q : b Q 3 = row {size} (fun _ => 0). Proof. by rewrite bars_after row_zero. Qed."


def bar_goals(size, rows, bars, *, proved):
    """Yield the goals of the bars; as hypotheses, if they are proved elsewhere."""
    for t in reversed(STEPS):
        after = "later" if t == STEPS[-1] else "(" + ", ".join(f"code_backward_{q}{t + 1}" for q in QUANTITIES) + ")"
        for q in "hcgofi":
            known = f"?code_backward_h{t} " if q in "co" else f"?code_backward_c{t} " if q in "gfi" else ""
            proof = (
                "have [h_bar [c_bar [g_bar [o_bar [f_bar i_bar]]]]] := "
                f"printed sigma tanh net (T := 2) direct (t := {t}) isT; "
                f"rewrite {q}_bar {known}/four_terms /slope /slope_at /= ?{after}; unseen; rewrite ?of_run; entries"
            )
            says = f"What hw3.lstm.backward computes for the bar of {q}({t}), D = H = {size}, is what the model does"
            statement = f"b {q.upper()} {t} = {rows.text(at(bars, q, t))}"
            elsewhere = f"Hypothesis code_backward_{q}{t} : {statement}."
            yield goal(f"backward_{q}{t}", says, statement, [proof]) if proved else elsewhere


def weight_goals(size, rows, bars):
    """Yield the goals of the bars of the weights, and of what enters: x, h(0) and c(0)."""
    for name, bar in bars.weights._asdict().items():
        gate, source = name[0].upper(), "x net t" if name[1] == "x" else "q H t.-1"
        says = f"What hw3.lstm.backward computes for the bar of w_{name}, D = H = {size}, is the theorem's sum"
        of_model = f"\\sum_(1 <= t < 3) ({source})^T *m times (b {gate} t) (slope sigma tanh net {gate} t)"
        sums = "(big_ltn (isT : 1 < 3)%N) (big_ltn (isT : 2 < 3)%N) (big_geq (isT : 3 <= 3)%N)"
        known = f"code_backward_{name[0]}1 code_backward_{name[0]}2"
        proof = [f"rewrite {sums} /slope /slope_at /= {known} ?of_run; all_entries"]
        yield goal(f"backward_w_{name}", says, f"{of_model} = {rows.text(bar)}", proof)
    first, slopes = "(fun Q => b Q 1)", "(times (b {0} {1}) (slope sigma tanh net {0} {1})) *m (wx net {0})^T"
    whole = {f"x{t}": (" + ".join(slopes.format(gate.upper(), t) for gate in GATES), bars.x[t - 1]) for t in STEPS}
    whole |= {"h0": (f"four_terms sigma tanh net 0 {first}", bars.h[0]), "c0": ("times (b C 1) (q F 1)", bars.c[0])}
    for name, (of_model, bar) in whole.items():
        known = " ".join(f"?code_backward_{q}{name[1] if name[0] == 'x' else 1}" for q in QUANTITIES)
        says = f"What hw3.lstm.backward computes for the bar of {name[0]}({name[1]}), D = H = {size}, is the theorem's"
        proof = [f"rewrite /four_terms /slope /slope_at /= {known} ?of_run; entries"]
        yield goal(f"backward_whole_{name}", says, f"{of_model} = {rows.text(bar)}", proof)


def at(trace, quantity, t):
    """Return a quantity at t, from 1 on, of a trace or of its bars."""
    return getattr(trace, quantity)[t if quantity in "ch" else t - 1]


def by_gate(rows, w, source):
    cases = " | ".join(f"{gate.upper()} => {rows.text(getattr(w, gate + source))}" for gate in GATES)
    return f"(fun Q => match Q with {cases} | _ => 0 end)"


def equations(formulas):
    """Return what the names of the tanhs stand for, as hypotheses."""
    for name, argument in formulas.equations:
        yield f"Variable {name} : R. Hypothesis of_{name} : {name} = tanh {argument}."


def goal(name, says, statement, proof, covers="all numbers"):
    return theorem(f"code_{name}", says, covers, statement, proof)


# Problem 2


def mdrnn_file():
    """Return the goals of an MDRNN, both ways to run it: one unit and tanh, two units and a phi; schedules and counts."""
    lines = [
        "From hw3 Require Import multidimensional_rnn.",
        ALGEBRA,
        "Section Code.",
        "Local Open Scope ring_scope.",
        "Variables (R : comRingType) (tanh : R -> R) (half : R).",
        "Ltac same_tanh := repeat match goal with T : ?t = tanh _ |- context [tanh ?a] =>",
        "  rewrite (_ : tanh a = t); [| rewrite T; congr (tanh _); ring] end.",
        "(* Two numbers, added and multiplied by a matrix. *)",
        "Let add (u v : R * R) := (u.1 + v.1, u.2 + v.2).",
        "Let times (a b c d : R) (v : R * R) := (v.1 * a + v.2 * c, v.1 * b + v.2 * d).",
        *grid_goals("one", 2, 2, 1, None, "tanh"),
        *grid_goals("two", 2, 3, 2, lambda z: 2 * z + 1, "(fun z => (1 + 2%:R * z.1, 1 + 2%:R * z.2))"),
    ]
    lines.append("Local Open Scope nat_scope.")
    for g in (1, 2, 3, 5):
        fronts = "; ".join(
            "[:: " + "; ".join(f"({i}, {j})" for i, j in cells) + "]" for cells in mdrnn.wavefronts(g, g)
        )
        says = f"What hw3.mdrnn.wavefronts returns for {g} x {g} cells is the schedule of the theorems"
        lines.append(goal(f"wavefronts_{g}", says, f"wavefronts {g} = [:: {fronts}]", ["by []"], f"G = {g}"))
    for g, d, h, n_a in ((1, 1, 1, 4), (2, 3, 1, 1), (3, 2, 4, 7)):
        says = f"The operations counted while hw3.mdrnn.forward runs, {operations(g, d, h)}, are those of the theorem"
        statement = (
            f"forall (R : comRingType) (W_in : 'M[R]_({d}, {h})) W_W W_N x h,\n"
            f"  grid_operations 1 W_in W_W W_N {g} x h (Some 0%R) = {operations(g, d, h)}"
        )
        lines.append(
            goal(f"operations_{g}{d}{h}", says, statement, ["by move=> *; rewrite mdrnn_grid_operations"], "this size")
        )
        says = "hw3.mdrnn.operation_count and hw3.mdrnn.weight_count return the numbers of the theorems"
        statement = (
            f"{mdrnn.weight_count(d, h)} = #|{{: weight {d} {h}}}| /\\ "
            f"forall (R : comRingType) (W_in : 'M[R]_({d}, {h})) W_W W_N x h,\n"
            f"  grid_operations {n_a} W_in W_W W_N {g} x h (Some 0%R) = {mdrnn.operation_count(g, d, h, n_a)}"
        )
        proof = ["by split=> [|*]; rewrite ?mdrnn_weights ?mdrnn_grid_operations"]
        lines.append(goal(f"counts_{g}{d}{h}", says, statement, proof, "this size"))
    return [*lines, "End Code."]


def grid_goals(name, rows, columns, units, phi, of_model):
    """Yield the goals of a grid, with as many inputs as units."""
    shape = (units, units)
    weights = mdrnn.Weights(symbols("w_in", shape), symbols("w_w", shape), symbols("w_n", shape))
    x = symbols("x", (rows, columns, units))
    plain = Formulas()
    number = "R" if units == 1 else "(R * R)"

    def text(values, formulas=plain):
        texts = [formulas.text(value) for value in values]
        return texts[0] if units == 1 else f"({', '.join(texts)})"

    def of_matrix(w):
        return f"(fun v => v * {text(w[0])})" if units == 1 else f"(times {' '.join(map(plain.text, w.flat))})"

    names = [plain.text(symbol) for array in (*weights, x) for symbol in array.flat]
    inputs = " | ".join(f"{i}, {j} => {text(x[i, j])}" for i, j in np.ndindex(rows, columns))
    model = f"mdrnn {text(np.zeros(units, int))} {'+%R' if units == 1 else 'add'} {of_model}"
    yield "Section Grid."
    yield variables(names)
    yield f"Let inputs i j : {number} := match i, j with {inputs} | _, _ => {text(x[0, 0])} end%N."
    yield f"Let h i j := {model} {' '.join(map(of_matrix, weights))} inputs i j."
    for way in (mdrnn.forward, mdrnn.forward_wavefront):
        formulas = Formulas()
        of_code = way(weights, x) if phi is None else way(weights, x, phi)
        cells = {cell: text(of_code[cell], formulas) for cell in np.ndindex(rows, columns)}
        yield from ("Section Way.", *equations(formulas))
        for (i, j), value in cells.items():
            near = [(a, b) for a, b in ((i - 1, j), (i, j - 1)) if min(a, b) >= 0]
            folded = " ".join(f"-/(h {a} {b}) code_{name}_{way.__name__}_{a}{b}" for a, b in near)
            says = f"What hw3.mdrnn.{way.__name__} computes for h({i},{j}), D = H = {units}, is what the model computes"
            entries = "same_tanh; ring" if units == 1 else "congr (_, _); ring"
            proof = [f"rewrite /h mdrnnE {folded} /=; {entries}"]
            yield goal(f"{name}_{way.__name__}_{i}{j}", says, f"h {i} {j} = {value}", proof)
        yield "End Way."
    yield "End Grid."


def operations(g, d, h):
    rng = np.random.default_rng(0)
    weights = mdrnn.Weights(*(counted(rng.normal(size=shape)) for shape in ((d, h), (h, h), (h, h))))
    with tally() as count:
        mdrnn.forward(weights, counted(rng.normal(size=(g, g, d))))
    return count.total


# Problem 3


def momentum_file():
    """Return the goals of a step, its Jacobian and the way back with D = 2, for any gradient and Hessian."""
    theta, p, slope, alpha, beta = (
        symbols("theta", 2),
        symbols("p", 2),
        symbols("g", 2),
        symbol("alpha"),
        symbol("beta"),
    )
    hessian = symbols("h", (2, 2))
    formulas = Formulas()
    state = momentum.State(theta, p)
    asked = []  # where the code takes the gradient
    slope_at = lambda at: asked.append(at) or slope
    stepped = momentum.step(state, slope_at, alpha, beta)
    jacobian = momentum.jacobian(hessian, alpha, beta)
    assert jacobian.shape == (4, 4)
    UNEQUAL.add((beta.value, 0))  # the way back refuses it
    back = momentum.unstep(state, slope_at, alpha, beta)
    assert len(asked) == 2

    def column(values):
        return "(column " + " ".join(f"({formulas.text(value)})" for value in values) + ")"

    def square(values):
        return "(square " + " ".join(f"({formulas.text(value)})" for value in values.flat) + ")"

    names = ["alpha", "beta", *(f"{name}_{i}" for name in ("theta", "p", "g") for i in (0, 1))]
    entrywise = (
        "apply/matrixP; case; do 2?case=> //; move=> ?; do ?[case; do 2?case=> //; move=> ?]; "
        "rewrite ?mxE /=; plain; ring"
    )
    blocks = [("ul", 0, 0), ("ur", 0, 2), ("dl", 2, 0), ("dr", 2, 2)]
    return [
        "From hw3 Require Import reversibility.",
        ALGEBRA,
        "Local Open Scope ring_scope.",
        "Definition column (R : ringType) (a b : R) : 'cV_2 := \\col_i (if i == 0 then a else b).",
        "Definition square (R : ringType) (a b c d : R) : 'M_2 :=",
        "  \\matrix_(i, j) (if i == 0 then if j == 0 then a else b else if j == 0 then c else d).",
        "(* Sums in one way of writing them, for the tactic. *)",
        "Ltac plain := repeat match goal with",
        "  | |- context [GRing.ComRing.zmodType ?R] =>",
        "      change (GRing.ComRing.zmodType R) with (GRing.Ring.zmodType (GRing.ComRing.ringType R)) end.",
        "Section Code.",
        "Variables (R : comRingType) (gradient : 'cV[R]_2 -> 'cV[R]_2) (half : R).",
        variables([*names, *(f"h_{i}_{j}" for i, j in product((0, 1), repeat=2))]),
        f"Hypothesis slope : gradient {column(asked[0])} = {column(slope)}.",
        goal(
            "step",
            "What hw3.momentum.step computes is what the model computes",
            f"step gradient alpha beta ({column(theta)}, {column(p)}) = ({column(stepped.theta)}, {column(stepped.p)})",
            [f"rewrite /step slope; congr (_, _); {entrywise}"],
            "D = 2, every gradient, all numbers",
        ),
        *(
            goal(
                f"jacobian_{name}",
                "What hw3.momentum.jacobian computes, this block of it, is what the model computes",
                f"{name}submx (jacobian alpha beta {square(hessian)}) = {square(jacobian[i : i + 2, j : j + 2])}",
                [f"rewrite block_mxK{name}; {entrywise}"],
                "D = 2, every Hessian, all numbers",
            )
            for name, i, j in blocks
        ),
        "End Code.",
        "Section WayBack.",
        "Variables (R : comUnitRingType) (gradient : 'cV[R]_2 -> 'cV[R]_2).",
        variables(names),
        f"Hypothesis slope : gradient {column(asked[1])} = {column(slope)}.",
        goal(
            "unstep",
            "What hw3.momentum.unstep computes is what the model computes",
            f"unstep gradient alpha beta ({column(theta)}, {column(p)}) = ({column(back.theta)}, {column(back.p)})",
            [
                f"rewrite /unstep (_ : {column(theta)} - {column(p)} = {column(back.theta)}) ?slope; last by {entrywise}",
                f"congr (_, _); {entrywise.replace('plain;', 'plain; move: (beta^-1) => inverse;')}",
            ],
            "D = 2, every gradient, all numbers",
        ),
        "End WayBack.",
    ]


# The coder


def exact_momentum_file():
    """Return the goal of the coder's step."""
    p, coder, n, d = map(Term, ("p", "coder", "n", "d"))
    product, after = exact_momentum.times_fraction(p, coder, n, d)
    return [
        "From hw3 Require Import exact_reversal.",
        "From Coq Require Import ZArith.",
        "Local Open Scope Z_scope.",
        goal(
            "times_fraction",
            "What hw3.exact_momentum.times_fraction computes is what the model computes",
            f"forall p coder n d, times_fraction p coder n d = ({product}, {after})",
            ["reflexivity"],
            "all whole numbers",
        ),
    ]


FILES = {
    "lstm": lambda: lstm_file(1),
    "lstm_of_vectors": lambda: lstm_file(2, ["forward", "bars"]),
    "lstm_of_vectors_weights": lambda: lstm_file(2, ["weights"]),  # apart, to be proved at the same time
    "mdrnn": mdrnn_file,
    "momentum": momentum_file,
    "exact_momentum": exact_momentum_file,
}


def main(folder, names):
    """Write the files of these names, or all."""
    for name in names or FILES:
        (Path(folder) / f"code_{name}.v").write_text("\n".join(FILES[name]()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
