import sys
from contextlib import suppress
from itertools import combinations, islice
from math import exp, tanh
from runpy import run_path
from types import SimpleNamespace

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from answering import RIGHT, answers, matrices, numbers, weights_of
from claimcheck.grading import Apart, Here, check, checking
from claimcheck.grading.slips import Edit, Slip, apart
from claimcheck.grading.tasks import Mistake, Task
from hw3 import fused_lstm, grader, lstm, momentum

LIBRARY = grader.library()
TASKS = {task.name: task for task in grader.tasks()}
NAMED = {slip.name: slip for slip in LIBRARY.slips}


def found_of(name, functions):
    return check(TASKS[name], Here(functions), LIBRARY)


@pytest.fixture
def told_alone(monkeypatch):
    """Have the grader tell slips apart by the larger instances alone, with no smallest one and no instrument's word."""
    monkeypatch.setattr(checking, "SIMPLER", 0)
    monkeypatch.setattr(checking, "_expect_truth", lambda *_: None)
    monkeypatch.setattr(Task, "small", lambda _: iter([]))


def found_of_slips(slips):
    """Return what is found of the first task in which slips show."""
    name, way = next(shown_in(slips))
    return found_of(name, answers(LIBRARY.planted(slips), way))


def shown_in(slips):
    """Yield the tasks in which slips show, each with the way to evaluate a grid."""
    for name, task in TASKS.items():
        if task.module == slips[0].module:
            for way in range(1 if name.endswith("backward") else len(task.ways)):
                with suppress(IndexError, ValueError):  # a slip may leave no grid
                    if not all(alike(*evaluated(task, way, slips, instance)) for instance in task.random()):
                        yield name, ("forward", "forward_wavefront")[way]


def evaluated(task, way, slips, instance):
    """Return what slips give, and what is right."""
    return task.ways[way](LIBRARY.planted(slips), instance.values), task.ways[way](RIGHT, instance.values)


def names_of(found):
    """Return the names of the slips of each explanation, and what is said of mistakes."""
    return [tuple(getattr(slip, "name", slip.says) for slip in told.slips) for told in found.explanations]


def gives_the_same(found, slips):
    """Return whether each explanation gives what the slips give, on instances that the grader has not seen."""
    rng = np.random.default_rng(2026)
    task = found.task
    for sizes in task.sizes:
        values = task.draw(sizes, lambda *shape: rng.normal(size=shape))
        due = given_in_all_ways(task, slips, values)
        for explanation in found.explanations:
            got = given_in_all_ways(task, explanation.slips, values)
            if not explanation.change and not any(alike(a, b) for a in due for b in got):
                return False
    return True


def given_in_all_ways(task, slips, values):
    given = [slip.numbers(values) for slip in slips if isinstance(slip, Mistake)]
    if given:
        return given
    for way in task.ways:
        with suppress(IndexError, ValueError):  # a slip may leave no grid
            given.append(way(LIBRARY.planted(slips), values))
    return given


def alike(first, second):
    return all(np.allclose(first[key], second[key], rtol=1e-9, atol=1e-12) for key in first)


# The measurements


@pytest.mark.parametrize("name", NAMED)
def test_every_slip_is_named(name, told_alone):
    found = found_of_slips([NAMED[name]])
    assert (name,) in names_of(found)
    assert gives_the_same(found, [NAMED[name]])


def statements(slip):
    text = LIBRARY.sources[slip.module].text
    return {text[: edit.start].count("\n") for edit in slip.edits}


def planted_at_once(*, within_one):
    pairs = [pair for pair in combinations(LIBRARY.slips, 2) if pair[0].module == pair[1].module and apart(*pair)]
    pairs = [pair for pair in pairs if bool(statements(pair[0]) & statements(pair[1])) == within_one]
    shuffled = (pairs[n] for n in np.random.default_rng(18).permutation(len(pairs)))
    return [*islice((pair for pair in shuffled if any(shown_in(pair))), 40)]  # two may undo each other


@pytest.mark.parametrize("pair", planted_at_once(within_one=False), ids=lambda pair: " + ".join(s.name for s in pair))
def test_two_slips_in_two_formulas_are_named(pair, told_alone):
    found = found_of_slips(pair)
    assert found.explanations
    assert gives_the_same(found, pair)


def test_of_forty_pairs_within_one_formula_nine_in_ten_are_named(told_alone):
    pairs = planted_at_once(within_one=True)
    named = [pair for pair in pairs if (found := found_of_slips(pair)).explanations and gives_the_same(found, pair)]
    assert len(named) >= 36


def test_slips_in_two_functions_are_each_named():
    of = LIBRARY.planted([NAMED["c(t) without i"], NAMED["ō without tanh"], NAMED["G for G² in the operation count"]])
    report = grader.grade(**answers(of))
    named = {result.task.name: names_of(result) for result in report.results if result.status == "wrong"}
    assert named["forward"] == named["vector_forward"] == [("c(t) without i",)]
    assert named["backward"] == named["vector_backward"] == [("ō without tanh",)]
    assert named["mdrnn_operations"] == [("G for G² in the operation count",)]


def test_code_that_runs_its_own_forward_pass_is_understood():
    of = LIBRARY.planted([NAMED["c(t) without i"]])

    def vector_backward(w, x, i, f, o, g, c, h, direct):
        trace = of.lstm.forward(weights_of(w), x, h[0], c[0])
        return numbered(lstm.backward(weights_of(w), trace, direct))

    assert names_of(found_of("vector_backward", {"vector_backward": vector_backward})) == [("c(t) without i",)]


def numbered(bars):
    return {name: getattr(bars, name) for name in "hcgofix"} | bars.weights._asdict()


# Right answers


def test_all_that_is_right_is_right_and_exact_where_it_can_be():
    report = grader.grade(**answers())
    assert report.passed
    assert report.count("right") == sum(len(task.quantities) for task in TASKS.values())
    exact = {result.task.name for result in report.results for part in result.parts if "fractions" in part.words}
    assert exact == {"step", "unstep", "jacobian"}


def by_loops(w, x, h0, c0):
    """Run an LSTM of one unit on plain numbers."""
    logistic = lambda z: 1 / (1 + exp(-z))
    found, h, c = {name: [] for name in "ifogch"}, h0, c0
    for x_t in x.tolist():
        i, f, o = (logistic(x_t * a + h * b) for a, b in ((w.ix, w.ih), (w.fx, w.fh), (w.ox, w.oh)))
        g = tanh(x_t * w.gx + h * w.gh)
        c = f * c + i * g
        h = o * tanh(c)
        for name, value in zip("ifogch", (i, f, o, g, c, h), strict=True):
            found[name].append(value)
    return found


def by_einsum(w, x, h0, c0):
    weights = lambda of: np.stack([getattr(w, f"{gate}{of}") for gate in "ifog"])
    h, c, found = h0, c0, []
    for x_t in x:
        z = np.einsum("bd,kdh->kbh", x_t, weights("x")) + np.einsum("bd,kdh->kbh", h, weights("h"))
        (i, f, o), g = 1 / (1 + np.exp(-z[:3])), np.tanh(z[3])
        c = f * c + i * g
        h = o * np.tanh(c)
        found.append((i, f, o, g, c, h))
    return tuple(np.stack(each) for each in zip(*found, strict=True))


def in_single_precision(w, x, *rest):
    narrow = lambda array: array.astype(np.float32)
    narrowed = SimpleNamespace(**{name: narrow(value) for name, value in vars(w).items()})
    return answers()["vector_backward"](narrowed, narrow(x), *map(narrow, rest))


def loss_of(np_, weights, x, h, c, direct):
    """Return the loss of a forward pass written with the functions of a library."""
    total, logistic = 0.0, lambda z: 1 / (1 + np_.exp(-z))
    for t in range(x.shape[0]):
        i, f, o = (logistic(x[t] @ weights[f"{k}x"] + h @ weights[f"{k}h"]) for k in "ifo")
        g = np_.tanh(x[t] @ weights["gx"] + h @ weights["gh"])
        c = f * c + i * g
        h = o * np_.tanh(c)
        total = total + (direct[t] * h).sum()
    return total


def by_autograd(w, x, i, f, o, g, c, h, direct):
    of_weights = grad(lambda weights: loss_of(anp, weights, x, h[0], c[0], direct))(vars(w))
    return of_weights | {"x": grad(lambda x: loss_of(anp, vars(w), x, h[0], c[0], direct))(x)}


def by_differences(w, x, i, f, o, g, c, h, direct):
    def slope(name):
        weight, slopes = getattr(w, name), {}
        for place in np.ndindex(weight.shape):
            step = np.zeros(weight.shape)
            step[place] = 1e-6
            both = [loss_of(np, vars(w) | {name: weight + s}, x, h[0], c[0], direct) for s in (step, -step)]
            slopes[place] = (both[0] - both[1]) / 2e-6
        return np.reshape([*slopes.values()], weight.shape)

    return {name: slope(name) for name in vars(w)}


def by_the_fused_form(w, x, i, f, o, g, c, h, direct):
    trace = lstm.Trace(x, i, f, o, g, c, h)
    return numbered(fused_lstm.backward(weights_of(w), trace, direct))


def without_time_0(w, *quantities):
    bars = answers()["vector_backward"](w, *quantities)
    return bars | {"h": bars["h"][1:], "c": bars["c"][1:]}


def in_fortran_order(*arguments):
    return {name: np.asfortranarray(bar) for name, bar in answers()["vector_backward"](*arguments).items()}


def as_lists(*arguments):
    return {name: bar.tolist() for name, bar in answers()["vector_backward"](*arguments).items()}


def in_long_doubles(*arguments):
    return {
        name: bar.astype(np.longdouble)[..., None] for name, bar in answers()["vector_backward"](*arguments).items()
    }


def in_place(theta, p, gradient, alpha, beta):
    p *= beta
    p -= alpha * gradient(theta)
    theta += p
    return theta, p


def grid_by_loops(w, x):
    h = np.zeros((x.shape[0] + 1, x.shape[1] + 1, w.w_in.shape[1]))  # a border of zeros, before both
    for i, j in np.ndindex(x.shape[:2]):
        h[i + 1, j + 1] = np.tanh(w.w_in.T @ x[i, j] + w.w_w.T @ h[i, j + 1] + w.w_n.T @ h[i + 1, j])
    return h[1:, 1:]


RIGHT_IN_OTHER_WAYS = {
    "plain loops": ("forward", by_loops),
    "einsum, and a tuple": ("vector_forward", by_einsum),
    "single precision": ("vector_backward", in_single_precision),
    "autograd": ("vector_backward", by_autograd),
    "central differences": ("vector_backward", by_differences),
    "the fused form": ("vector_backward", by_the_fused_form),
    "the named tuple of the package": ("vector_backward", lambda w, *q: answers()["vector_backward"](w, *q)),
    "without the time 0": ("vector_backward", without_time_0),
    "Fortran order": ("vector_backward", in_fortran_order),
    "lists": ("vector_backward", as_lists),
    "long doubles, and an axis more": ("vector_backward", in_long_doubles),
    "one part alone": (
        "backward",
        lambda w, *q: (
            {"f": numbers(answers()["backward"](w, *q))["f"]} if 0 else {"f": answers()["backward"](w, *q)["f"]}
        ),
    ),
    "a grid by loops": ("mdrnn_forward", grid_by_loops),
    "wavefronts": ("mdrnn_forward", answers(way="forward_wavefront")["mdrnn_forward"]),
    "a whole number as a float": ("mdrnn_steps", lambda g: 2.0 * g - 1),
    "an array of one number": ("mdrnn_weights", lambda d, h: np.array([(d + 2 * h) * h])),
    "another formula for the same": (
        "mdrnn_operations",
        lambda g, d, h, n: g * g * (h * n + 2 * h * d + 4 * h * h - h),
    ),
    "in place": ("step", in_place),
    "a named tuple": ("unstep", lambda theta, p, *rest: momentum.unstep(momentum.State(theta, p), *rest)),
    "fractions": (
        "jacobian",
        lambda h, a, b: np.block(
            [
                [np.eye(len(h), dtype=int) - a * h, b * np.eye(len(h), dtype=int)],
                [-a * h, b * np.eye(len(h), dtype=int)],
            ]
        ),
    ),
    "a power": ("determinant", lambda h, a, b: b ** len(h)),
    "a product of complex eigenvalues": (
        "determinant",
        lambda *s: np.prod(np.linalg.eigvals(momentum.jacobian(*s)).astype(complex)),
    ),
    "singular values": ("rank", lambda *s: sum(np.linalg.svd(momentum.jacobian(*s))[1] > 1e-10)),
}


@pytest.mark.parametrize("way", RIGHT_IN_OTHER_WAYS)
def test_what_is_right_in_another_way_is_right(way):
    name, function = RIGHT_IN_OTHER_WAYS[way]
    found = found_of(name, {name: function})
    assert found.status == "right", found
    assert not found.explanations


def test_less_precision_is_told():
    single = found_of("vector_backward", {"vector_backward": in_single_precision})
    assert all(part.words.endswith("in single precision") for part in single.parts if part.words)
    differences = found_of("vector_backward", {"vector_backward": by_differences})
    assert "differences for derivatives" in differences.parts[-1].words


def test_a_slip_in_single_precision_is_named():
    of = LIBRARY.planted([NAMED["ō without tanh"]])
    narrow = lambda array: array.astype(np.float32)

    def vector_backward(w, *rest):
        narrowed = SimpleNamespace(**{name: narrow(value) for name, value in vars(w).items()})
        return answers(of)["vector_backward"](narrowed, *map(narrow, rest))

    assert names_of(found_of("vector_backward", {"vector_backward": vector_backward})) == [("ō without tanh",)]


def with_biases(w, x, h0, c0, order="ifog"):
    """Run an LSTM whose gates have biases."""
    x = np.concatenate([x, np.ones_like(x[..., :1])], axis=-1)
    rows = {f"{k}x": np.vstack([getattr(w, f"{k}x"), getattr(w, f"{k}b")]) for k in order}
    weights = lstm.Weights(**rows, **{f"{k}h": getattr(w, f"{k}h") for k in order})
    return weights, lstm.forward(weights, x, h0, c0)


def test_biases_are_read():
    def vector_forward(w, *rest):
        return {name: getattr(with_biases(w, *rest)[1], name) for name in "ifogch"}

    def vector_backward(w, x, i, f, o, g, c, h, direct):
        weights, trace = with_biases(w, x, h[0], c[0])
        bars = numbered(lstm.backward(weights, trace, direct))
        biases = {f"{k}b": bars[f"{k}x"][-1] for k in "ifog"}
        return bars | biases | {"x": bars["x"][..., :-1]} | {f"{k}x": bars[f"{k}x"][:-1] for k in "ifog"}

    def forward(w, x, h0, c0):
        of_one = matrices(SimpleNamespace(**vars(w)))
        for k in "ifog":
            setattr(of_one, f"{k}b", np.array([getattr(w, f"{k}b")]))
        return {n: a[:, 0] for n, a in vector_forward(of_one, x[:, None], np.array([h0]), np.array([c0])).items()}

    report = grader.grade(biases=True, forward=forward, vector_forward=vector_forward, vector_backward=vector_backward)
    assert report.passed
    assert report.count("right") == 6 + 6 + 7 + 12


def test_the_layout_of_pytorch_is_read_without_biases():
    def vector_forward(w, x, h0, c0):
        from_x, from_h = (np.split(matrix, 4) for matrix in (w.weight_ih, w.weight_hh))
        named = {f"{k}{of}": m[n].T for n, k in enumerate("ifgo") for of, m in (("x", from_x), ("h", from_h))}
        return answers()["vector_forward"](SimpleNamespace(**named), x, h0, c0)

    assert grader.grade("pytorch", vector_forward=vector_forward).passed


def in_another_order(order, *, own_forward=False):
    """Return a student's functions of PyTorch's layout who has the gates in another order."""

    def read(w):
        x, h = (np.split(matrix, 4) for matrix in (w.weight_ih, w.weight_hh))
        named = {f"{k}{of}": m[n].T for n, k in enumerate(order) for of, m in (("x", x), ("h", h))}
        return lstm.Weights(**named)

    def vector_forward(w, x, h0, c0):
        trace = lstm.forward(read(w), x, h0, c0)
        return {name: getattr(trace, name) for name in "ifogch"}

    def vector_backward(w, x, i, f, o, g, c, h, direct):
        trace = lstm.forward(read(w), x, h[0], c[0]) if own_forward else lstm.Trace(x, i, f, o, g, c, h)
        bars = numbered(lstm.backward(read(w), trace, direct))
        stack = lambda of: np.concatenate([bars[f"{k}{of}"].T for k in order])
        return {name: bars[name] for name in "hcgofix"} | {"weight_ih": stack("x"), "weight_hh": stack("h")}

    return {"vector_forward": vector_forward, "vector_backward": vector_backward}


@pytest.mark.parametrize("own_forward", [True, False])
@pytest.mark.parametrize("order", ["ifog", "igfo", "fiog", "ogfi"])
def test_another_order_of_the_gates_is_told(order, own_forward):
    report = grader.grade("pytorch", **in_another_order(order, own_forward=own_forward))
    due = f"you take the gates in the order {', '.join(order)}, and PyTorch has them in the order i, f, g, o."
    for name in ("vector_forward", "vector_backward"):
        (told,) = report[name].explanations
        assert [slip.says for slip in told.slips] == [due]


def test_the_layout_of_pytorch_is_read():
    def homework(w):
        x, h = (np.split(matrix, 4) for matrix in (w.weight_ih, w.weight_hh))
        b = np.split(w.bias_ih + w.bias_hh, 4)
        named = {f"{k}{of}": m[n].T for n, k in enumerate("ifgo") for of, m in (("x", x), ("h", h))}
        return SimpleNamespace(**named, **{f"{k}b": b[n] for n, k in enumerate("ifgo")})

    def vector_backward(w, x, i, f, o, g, c, h, direct):
        weights, trace = with_biases(homework(w), x, h[0], c[0])
        bars = numbered(lstm.backward(weights, trace, direct))
        whole = np.concatenate([bars[f"{k}x"][-1] for k in "ifgo"])
        stacked = {
            "weight_ih": np.concatenate([bars[f"{k}x"][:-1].T for k in "ifgo"]),
            "bias_ih": whole,
            "bias_hh": whole,
        }
        stacked["weight_hh"] = np.concatenate([bars[f"{k}h"].T for k in "ifgo"])
        return stacked | {name: bars[name] for name in "hcgofi"}

    report = grader.grade("pytorch", biases=True, vector_backward=vector_backward)
    assert report.passed
    assert report.count("right") == 6 + 4


# Wrong answers that are no slip that is known


def noise(seed):
    rng = np.random.default_rng(seed)
    name = list(TASKS)[seed % len(TASKS)]
    right = answers()[name]

    def shaped(value):
        return rng.normal(size=np.shape(value)) if seed % 2 else value * (1 + rng.normal(size=np.shape(value)))

    def function(*arguments):
        value = right(*arguments)
        value = value._asdict() if hasattr(value, "_asdict") else value
        return {key: shaped(part) for key, part in value.items()} if isinstance(value, dict) else shaped(value)

    return name, function


@pytest.mark.parametrize("seed", range(100))
def test_noise_has_no_name(seed, told_alone):
    name, function = noise(seed)
    found = found_of(name, {name: function})
    assert found.status == "wrong"
    assert not found.explanations


NONSENSE = [
    ("lstm", "g_bar = c_bar_t * i", "g_bar = c_bar_t * o"),
    ("lstm", "g_bar = c_bar_t * i", "g_bar = c_bar_t * i + h_bar_t"),
    ("lstm", "i_bar = c_bar_t * g", "i_bar = c_bar_t * tanh_c"),
    ("lstm", "i_bar = c_bar_t * g", "i_bar = c_bar_t * g * i"),
    ("lstm", "f_bar = c_bar_t * c_before", "f_bar = c_bar_t * tanh_c"),
    ("lstm", "f_bar = c_bar_t * c_before", "f_bar = c_bar_t * trace.h[t, ...]"),
    ("lstm", "o_bar = h_bar_t * tanh_c", "o_bar = h_bar_t * (1 - tanh_c**2)"),
    ("lstm", "o_bar = h_bar_t * tanh_c", "o_bar = (h_bar_t + c_bar_t) * tanh_c"),
    ("lstm", "i_in = i_bar * i * (1 - i)", "i_in = i_bar * i * (1 - f)"),
    ("lstm", "f_in = f_bar * f * (1 - f)", "f_in = f_bar * f**2 * (1 - f)"),
    ("lstm", "g_in = g_bar * (1 - g**2)", "g_in = g_bar * (1 + g**2)"),
    ("lstm", "g_in = g_bar * (1 - g**2)", "g_in = g_bar * (1 - g) ** 2"),
    ("lstm", "h_bar_t * o * (1 - tanh_c**2)", "h_bar_t * o * (1 - trace.c[t + 1, ...] * tanh_c)"),
    ("lstm", "h_bar_t * o * (1 - tanh_c**2)", "h_bar_t * o * (1 - o) * (1 - tanh_c**2)"),
    ("lstm", "c_bar_next = c_bar_t * f", "c_bar_next = c_bar_t * f * (1 - f)"),
    ("lstm", "c_bar_next = c_bar_t * f", "c_bar_next = c_bar_t * o"),
    ("lstm", "h_bar_t = h_bar_next + h_bar_direct[t, ...]", "h_bar_t = h_bar_next * h_bar_direct[t, ...]"),
    ("lstm", "return f * c_before + i * g", "return f * (c_before + i * g)"),
    ("lstm", "return f * c_before + i * g", "return f * c_before + (1 - f) * g"),
    ("lstm", "return o * array_namespace(c).tanh(c)", "return array_namespace(c).tanh(o * c)"),
    ("mdrnn", "z = z + west @ weights.w_w", "z = z * (west @ weights.w_w)"),
    ("mdrnn", "return phi(z)", "return phi(z) ** 2"),
    ("mdrnn", "return (d + 2 * h) * h", "return (d + h) ** 2"),
    ("mdrnn", "return (d + 2 * h) * h", "return 2 * d * h + 1"),
    ("mdrnn", "return g**2 * h * (n_a", "return g**3 * h * (n_a"),
    ("mdrnn", "return g**2 * h * (n_a + 2", "return g**2 * h * (n_a**2 + 2"),
    ("momentum", "return State(state.theta + p, p)", "return State(state.theta + p + state.p, p)"),
    ("momentum", "p = beta * state.p - alpha", "p = (1 - beta) * state.p - alpha"),
    ("momentum", "theta = state.theta - state.p", "theta = state.theta - state.p / beta"),
    ("momentum", "[-alpha * hessian, beta * identity]", "[-alpha * hessian, beta * identity - hessian]"),
]


@pytest.mark.parametrize(("module", "before", "after"), NONSENSE)
def test_nonsense_has_no_name(module, before, after, told_alone):
    start = LIBRARY.sources[module].text.index(before)
    nonsense = Slip("nonsense", "", "", module, (Edit(start, start + len(before), after),))
    found = found_of_slips([nonsense])
    assert names_of(found) == []


# What became of right numbers at the end


def changed(name, change, *parts):
    right = answers()[name]

    def function(*arguments):
        value = right(*arguments)
        return (
            {key: change(part, arguments) if key in parts else part for key, part in value.items()}
            if parts
            else change(value, arguments)
        )

    return {name: function}


WEIGHTS = lstm.Weights._fields
CHANGES = {
    "a mean over time": (
        "backward",
        lambda bar, q: bar / len(q[1]),
        WEIGHTS,
        "times 1/T, a mean over time for the sum",
    ),
    "a mean over the batch": (
        "vector_backward",
        lambda bar, q: bar / q[1].shape[1],
        WEIGHTS,
        "times 1/batch, a mean over the batch for the sum",
    ),
    "the other sign": ("vector_backward", lambda bar, q: -bar, ("f",), "times −1"),
    "twice": ("jacobian", lambda j, q: 2 * j, (), "times 2"),
    "some factor": ("mdrnn_forward", lambda h, q: 0.3 * h, (), "times 0.3"),
    "transposed": ("jacobian", lambda j, q: j.T, (), "transposed"),
    "a transposed weight": ("vector_backward", lambda bar, q: bar.T, ("ih",), "transposed"),
    "a transposed weight that is not square": ("vector_backward", lambda bar, q: bar.T, ("ix",), "transposed"),
    "a step early": ("backward", lambda bar, q: np.roll(bar, -1), ("i",), "one step early, the first at the end"),
    "time reversed": ("vector_backward", lambda bar, q: bar[::-1], ("g",), "in the reverse order of time"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_became_of_right_numbers_is_told(change):
    name, function, parts, words = CHANGES[change]
    found = found_of(name, changed(name, function, *parts))
    assert words in [explanation.change for explanation in found.explanations]
    assert {part.key for part in found.parts if part.status == "wrong"} == set(parts or [""])


def test_a_slip_and_a_mean_are_told_together():
    of = LIBRARY.planted([NAMED["ō without tanh"]])

    def vector_backward(w, x, *rest):
        bars = answers(of)["vector_backward"](w, x, *rest)
        return {name: bar / len(x) if name in WEIGHTS else bar for name, bar in bars.items()}

    (told,) = found_of("vector_backward", {"vector_backward": vector_backward}).explanations
    assert ([slip.name for slip in told.slips], told.change) == (
        ["ō without tanh"],
        "times 1/T, a mean over time for the sum",
    )
    assert told.changed == WEIGHTS


def test_only_the_last_step_read_and_the_direct_term_missing_are_told():
    def last_alone(w, x, i, f, o, g, c, h, direct):
        return answers()["backward"](w, x, i, f, o, g, c, h, np.append(0 * direct[:-1], direct[-1]))

    def without_direct(*arguments):
        bars = answers()["backward"](*arguments)
        return bars | {"h": bars["h"] - np.append(0, arguments[-1])}

    assert names_of(found_of("backward", {"backward": last_alone})) == [("no external term",)]
    assert names_of(found_of("backward", {"backward": without_direct})) == [("h̄ told without its direct term",)]


def test_the_written_solution_s_own_error_is_named():
    same_halves = lambda h, a, b: np.block([[-a * h, b * np.eye(len(h))]] * 2)
    report = grader.grade(jacobian=same_halves, determinant=lambda *_: 0, rank=lambda h, *_: len(h))
    for result in report.results[-3:]:
        assert ("identity lost in the Jacobian",) in names_of(result)


def test_a_number_that_says_little_is_told_with_care():
    said = lambda **functions: " ".join(grader.grade(**functions).text().split())
    assert "This gives your number: → The identity" in said(determinant=lambda *_: 0)
    assert "No slip that is known" in said(determinant=lambda *_: 1)
    assert "No slip that is known" in said(rank=lambda h, *_: np.linalg.matrix_rank(h) + len(h))
    halved = said(mdrnn_operations=lambda g, d, h, n: g * g * h * (d + 2 * h))
    assert "after that" not in halved


def det(matrix):
    return np.linalg.det(matrix)


@pytest.mark.parametrize(
    ("determinant", "words"),
    [
        (lambda h, a, b: b, "each of the D parameters has a factor β"),
        (lambda h, a, b: b ** (2 * len(h)), "β to the power 2D"),
        (lambda h, a, b: det(np.eye(len(h)) - a * h) * b ** len(h), "the blocks on the diagonal"),
        (lambda h, a, b: (det(np.eye(len(h)) - a * h) - det(-a * h)) * b ** len(h), "det A det D − det B det C"),
    ],
)
def test_a_determinant_of_blocks_taken_for_numbers_is_told(determinant, words):
    ((slip,),) = [told.slips for told in found_of("determinant", {"determinant": determinant}).explanations]
    assert words in slip.says


@pytest.mark.parametrize(("axes", "words"), [((0,), "rows"), ((1,), "columns"), ((0, 1), "rows and in its columns")])
def test_a_jacobian_with_p_before_theta_is_told(axes, words):
    jacobian = lambda h, a, b: np.roll(momentum.jacobian(h, a, b), len(h), axes)
    (told,) = found_of("jacobian", {"jacobian": jacobian}).explanations
    assert (told.slips, told.change) == ((), f"with p before θ in its {words}")


def test_the_solution_s_own_halves_with_p_first_are_told():
    jacobian = lambda h, a, b: np.block([[b * np.eye(len(h)), -a * h]] * 2)
    told = found_of("jacobian", {"jacobian": jacobian}).explanations
    assert {(tuple(slip.name for slip in one.slips), one.change) for one in told} >= {
        (("identity lost in the Jacobian",), "with p before θ in its columns")
    }


@pytest.mark.parametrize("name", ["step", "unstep", "jacobian"])
def test_alpha_and_beta_exchanged_are_told(name):
    found = found_of(name, {name: lambda *given: answers()[name](*given[:-2], given[-1], given[-2])})
    assert "α and β are exchanged: α comes first." in [slip.says for told in found.explanations for slip in told.slips]


RANKS = {
    "I − H": (lambda h, a, b: np.eye(len(h)) - h, []),
    "I − αH": (lambda h, a, b: np.eye(len(h)) - a * h, []),
    "βI − αH": (lambda h, a, b: b * np.eye(len(h)) - a * h, []),
    "I − βH": (lambda h, a, b: np.eye(len(h)) - b * h, []),
    "(1 + β)I − αH": (lambda h, a, b: (1 + b) * np.eye(len(h)) - a * h, []),
    "(1 − β)I − αH": (lambda h, a, b: (1 - b) * np.eye(len(h)) - a * h, []),
    "H": (lambda h, a, b: h, []),
    # of these the rank, and D, are that of another Jacobian
    "I + αH": (lambda h, a, b: np.eye(len(h)) + a * h, [("Hessian lost in the Jacobian's top left block",)]),
    "βI + αH": (lambda h, a, b: b * np.eye(len(h)) + a * h, [("Jacobian of the old-velocity update",)]),
}


@pytest.mark.parametrize("matrix", RANKS)
def test_the_rank_of_another_matrix_is_wrong(matrix):
    of, names = RANKS[matrix]
    found = found_of("rank", {"rank": lambda h, a, b: len(h) + np.linalg.matrix_rank(of(h, a, b))})
    assert found.status == "wrong"
    assert names_of(found) == names


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (lambda g, d, h, n: 2 * g * g * h * (d + 2 * h), "none for the activation"),
        (lambda g, d, h, n: g * g * h * (n + 2 * d + 4 * h), "a bias is counted"),
        (lambda g, d, h, n: g * g * h * (n + 2 * d + 4 * h), "two operations are counted for each weight"),
        (lambda g, d, h, n: g * g * h * (n + 2 * d + 4 * h - 2), "one addition is counted"),
    ],
)
def test_operations_that_are_counted_otherwise_are_told(count, words):
    found = found_of("mdrnn_operations", {"mdrnn_operations": count})
    assert any(words in slip.says for told in found.explanations for slip in told.slips)


def test_what_is_answered_on_some_instances_alone_has_no_name():
    def backward(w, x, *rest):
        return (
            None if len(x) > 1 else answers(LIBRARY.planted([NAMED["c(t) for c(t−1) in f̄"]]))["backward"](w, x, *rest)
        )

    assert not found_of("backward", {"backward": backward}).explanations


@pytest.mark.parametrize("key", ["h", "c"])
def test_states_without_the_time_0_in_the_reverse_order_are_told(key):
    def backward(*given):
        return {key: answers()["backward"](*given)[key][:0:-1]}

    told = found_of("backward", {"backward": backward}).explanations
    assert "in the reverse order of time" in [one.change for one in told]


@pytest.mark.parametrize("key", ["h", "hc"])
@pytest.mark.parametrize("name", ["o for i in c(t)", "i for f in c(t)", "i for o in h(t)"])
def test_a_wrong_gate_is_told_where_the_states_alone_are_answered(name, key):
    forward = answers(LIBRARY.planted([NAMED[name]]))["forward"]
    found = found_of("forward", {"forward": lambda *given: {state: forward(*given)[state] for state in key}})
    assert (name,) in names_of(found)
    assert all(len(slips) == 1 for slips in names_of(found))


def pytorch_with_biases(share_ih, share_hh):
    """Return a student's forward pass in PyTorch's layout that takes shares of the two biases."""

    def vector_forward(w, x, h0, c0):
        from_x, from_h = (np.split(matrix, 4) for matrix in (w.weight_ih, w.weight_hh))
        biases = np.split(share_ih * w.bias_ih + share_hh * w.bias_hh, 4)
        named = {f"{k}{of}": m[n].T for n, k in enumerate("ifgo") for of, m in (("x", from_x), ("h", from_h))}
        named |= {f"{k}b": biases[n] for n, k in enumerate("ifgo")}
        trace = with_biases(SimpleNamespace(**named), x, h0, c0)[1]
        return {name: getattr(trace, name) for name in "ifogch"}

    return vector_forward


@pytest.mark.parametrize(
    ("shares", "words"),
    [((0, 0), "the biases are left out"), ((1, 0), "bias_hh is left out"), ((0, 1), "bias_ih is left out")],
)
def test_biases_that_are_left_out_are_told(shares, words):
    report = grader.grade("pytorch", biases=True, vector_forward=pytorch_with_biases(*shares))
    ((mistake,),) = [told.slips for told in report["vector_forward"].explanations]
    assert words in mistake.says
    assert grader.grade("pytorch", biases=True, vector_forward=pytorch_with_biases(1, 1)).passed


def test_a_forward_pass_without_biases_is_told():
    report = grader.grade(biases=True, forward=answers()["forward"], vector_backward=own_forward_pass)
    for name in ("forward", "vector_backward"):
        ((mistake,),) = [told.slips for told in report[name].explanations]
        assert "the biases are left out" in mistake.says


def own_forward_pass(w, x, i, f, o, g, c, h, direct):
    """Return the bars of an LSTM without biases, of a forward pass without them."""
    trace = lstm.forward(weights_of(w), x, h[0], c[0])
    return numbered(lstm.backward(weights_of(w), trace, direct))


def test_derivatives_by_one_sided_differences_are_told():
    def vector_backward(w, x, i, f, o, g, c, h, direct):
        step, slopes = 1e-4, np.empty(w.ix.shape)
        before = loss_of(np, vars(w), x, h[0], c[0], direct)
        for place in np.ndindex(w.ix.shape):
            moved = w.ix.copy()
            moved[place] += step
            slopes[place] = (loss_of(np, vars(w) | {"ix": moved}, x, h[0], c[0], direct) - before) / step
        return {"ix": slopes}

    (words,) = {part.words for part in found_of("vector_backward", {"vector_backward": vector_backward}).parts} - {""}
    assert "are derivatives one-sided differences" in words


def test_a_state_whose_parts_are_exchanged_is_told():
    exchanged = lambda *given: answers()["step"](*given)[::-1]
    (told,) = found_of("step", {"step": exchanged}).explanations
    assert told.change == "under other names: your θ is p, your p is θ"
    assert told.changed == ("theta", "p")


def test_clipping_is_seen_where_bars_are_large():
    def vector_backward(*arguments):
        return {name: np.clip(bar, -10, 10) for name, bar in answers()["vector_backward"](*arguments).items()}

    assert found_of("vector_backward", {"vector_backward": vector_backward}).status == "wrong"


def test_a_time_0_that_is_not_filled_in_hides_no_slip():
    of = LIBRARY.planted([NAMED["ō without tanh"]])

    def not_filled_in(of):
        def vector_backward(*arguments):
            bars = answers(of)["vector_backward"](*arguments)
            return bars | {key: np.concatenate([0 * bars[key][:1], bars[key][1:]]) for key in "hc"}

        return {"vector_backward": vector_backward}

    result = found_of("vector_backward", not_filled_in(RIGHT))
    assert result.status == "right"
    assert result.remarks == tuple(f"{bar} is 0 at time 0, and is compared without it" for bar in ("h̄", "c̄"))
    assert names_of(found_of("vector_backward", not_filled_in(of))) == [("ō without tanh",)]


def test_half_precision_is_told():
    def vector_backward(*arguments):
        return {name: bar.astype(np.float16) for name, bar in answers()["vector_backward"](*arguments).items()}

    found = found_of("vector_backward", {"vector_backward": vector_backward})
    assert {part.words for part in found.parts} == {"half precision, which is too coarse to tell right from wrong"}


def test_zeros_have_no_name():
    zeros = lambda w, x, *rest: {"i": 0 * x, "c": np.zeros(len(x) + 1)}
    assert not found_of("backward", {"backward": zeros}).explanations


# The smallest instance


def test_the_smallest_instance_is_shown():
    found = found_of("backward", answers(LIBRARY.planted([NAMED["c(t) for c(t−1) in f̄"]])))
    (failure,) = [part.failure for part in found.parts if part.key == "f"]
    assert failure.instance.sizes == {"T": 1}
    left = {name: array.ravel().tolist() for name, array in failure.instance.values.items() if array.any()}
    assert left == {"gx": [1], "x": [1], "direct": [1]}
    assert failure.right == 0
    assert failure.value == pytest.approx((1 - np.tanh(np.tanh(1) / 2) ** 2) * 0.5 * np.tanh(1) / 2)


def test_the_report_tells_the_smallest_instance_by_the_names_that_the_student_knows():
    of = LIBRARY.planted([NAMED["c(t) for c(t−1) in f̄"], NAMED["β lost in the Jacobian's top right block"]])
    told = " ".join(grader.grade(**{name: answers(of)[name] for name in ("backward", "jacobian")}).text().split())
    assert "f̄(1) is 0, yours 0.165255, where T = 1: w.gx = 1, x = [1], h_bar_direct = [1], the rest 0" in told
    assert "→ You used c(t) where the forget gate multiplies c(t−1). See lstm-gradient.html#claim-lstm-f-bar" in told
    assert "J[0, 1] is 0.125, yours 1, where D = 1: alpha = 0.5, beta = 0.125, the rest 0" in told


def test_the_command_grades_a_file(tmp_path, monkeypatch, capsys):
    file = tmp_path / "my_homework.py"
    file.write_text("def mdrnn_weights(D, H):\n    return D + 2 * H\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["grader", str(file)])
    with pytest.raises(SystemExit) as status:
        run_path(grader.__file__, run_name="__main__")
    assert status.value.code == 1
    assert "You count D + 2H inputs of a unit, and there are H units." in " ".join(capsys.readouterr().out.split())


def test_the_instruments_must_agree_with_the_formulas():
    of = LIBRARY.planted([NAMED["ō without tanh"]])
    task = TASKS["backward"]
    wrong = SimpleNamespace(planted=lambda _: of)
    with pytest.raises(checking.GraderError, match=r"^backward, h: .* by the instrument"):
        check(task, Here(answers()), wrong)


@pytest.mark.parametrize("name", [name for name, task in TASKS.items() if task.truth])
def test_the_instruments_agree_with_the_formulas_on_every_size(name):
    task = TASKS[name]
    for instance in [*task.small()][::3]:
        due = task.ways[0](RIGHT, instance.values)
        for key, value in task.truth(instance.values).items():
            np.testing.assert_allclose(value, due[key], rtol=1e-9, atol=1e-12)


# What is asked


def test_a_wrong_call_is_refused():
    with pytest.raises(ValueError, match=r"functions: expected some of forward, .*, got sideways"):
        grader.grade(sideways=len)
    with pytest.raises(TypeError, match="step: expected a function, got int"):
        grader.grade(step=3)
    with pytest.raises(ValueError, match='layout: expected "homework" or "pytorch", got \'keras\''):
        grader.tasks("keras")
    with pytest.raises(TypeError, match="biases: expected True or False, got 1"):
        grader.tasks(biases=1)


def test_the_starter_asks_for_all_and_answers_nothing(tmp_path):
    file = tmp_path / "my_homework.py"
    file.write_text(grader.STARTER.read_text(encoding="utf-8"), encoding="utf-8")
    with Apart(file, grader.SETTINGS) as student:
        assert not student.problem
        assert set(TASKS) <= set(student.functions)
        assert student.settings == grader.SETTINGS
        statuses = {name: check(task, student, LIBRARY).status for name, task in TASKS.items()}
    assert set(statuses.values()) == {"not answered"}


def test_each_slip_offends_a_claim_that_is_listed():
    claims = grader.files("hw3").joinpath("claims.toml").read_text(encoding="utf-8")
    for slip in LIBRARY.slips:
        assert f"[{slip.claim}]" in claims
        assert slip.says.endswith(".")


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("lstm-c-bar", "lstm-gradient.html#claim-lstm-c-bar"),
        ("mdrnn-steps", "multidimensional-rnn.html#claim-mdrnn-steps"),
        ("jacobian-rank", "reversibility.html#claim-jacobian-rank"),
    ],
)
def test_a_claim_has_a_page(claim, page):
    assert grader.page_of(claim) == page
