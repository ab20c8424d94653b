"""A student's own answers against all of it: which are right, where the others fail, and which slip it was.

The command is ``python -m hw3.grader my_homework.py``; in a notebook, `grade` takes the functions. This is the one
module that stands on both packages: the tasks are this homework's, and how they are checked is `claimcheck.grading`.
"""

import sys
from collections.abc import Callable
from functools import cache, lru_cache, partial
from importlib.resources import files
from itertools import permutations
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from claimcheck import complex_step_jacobian, counted, tally, traced
from claimcheck.grading import Here, Library, Quantity, Report, Task, Values, command, report_of
from claimcheck.grading.tasks import Mistake, Numbers, Sizes
from claimcheck.grading.wire import Quadratic
from hw3 import lstm, mdrnn, momentum

SETTINGS = {"layout": "homework", "biases": False}
"""What a student's file may say of itself, and what holds where it does not."""

STARTER = files("hw3") / "starter" / "my_homework.py"
"""The file that a student fills in."""

_GATES = "ifog"
_RIGHT = SimpleNamespace(lstm=lstm, mdrnn=mdrnn, momentum=momentum)


def grade(layout: str = "homework", *, biases: bool = False, site: str = "", **functions: Callable[..., Any]) -> Report:
    """Check functions by the names that the starter file gives them, and return a report, which a notebook shows.

    They run in this process, with no limit on time or memory; the command runs a file in one of its own.

    Parameters
    ----------
    layout
        "homework": a weight for each gate, indexed (from, to); "pytorch": `weight_ih`, (4H, D), and `weight_hh`,
        (4H, H), with the gates in the order i, f, g, o, for the functions of vectors.
    biases
        Whether the gates have biases.
    site
        The address of these pages, for links; a page of this site needs none.
    functions
        The student's functions.

    Raises
    ------
    TypeError
        If something is no function.
    ValueError
        If there is no such layout, or a function has a name that is not asked for.

    Examples
    --------
    >>> report = grade(mdrnn_weights=lambda d, h: d + 2 * h)
    >>> print(report["mdrnn_weights"].explanations[0].slips[0].says)
    you count D + 2H inputs of a unit, and there are H units.
    """
    asked = tasks(layout, biases=biases)
    names = [task.name for task in asked]
    for name, function in functions.items():
        if name not in names:
            raise ValueError(f"functions: expected some of {', '.join(names)}, got {name}")
        if not callable(function):
            raise TypeError(f"{name}: expected a function, got {type(function).__name__}")
    return report_of(asked, Here(functions), library(), lambda claim: site + page_of(claim))


@cache
def library() -> Library:
    """Return the slips that are known of this homework.

    >>> len(library().slips) > 200
    True
    """
    return Library(vars(_RIGHT), (files("hw3") / "slips.toml").read_text(encoding="utf-8"))


def page_of(claim: str) -> str:
    """Return where on the site a claim stands: beside the page of a report, while the package names no address.

    >>> page_of("lstm-f-bar")
    'lstm-gradient.html#claim-lstm-f-bar'
    """
    pages = {"lstm": "lstm-gradient", "mdrnn": "multidimensional-rnn"}
    return f"{pages.get(claim.partition('-')[0], 'reversibility')}.html#claim-{claim}"


@lru_cache(maxsize=None, typed=True)
def tasks(layout: str = "homework", *, biases: bool = False) -> tuple[Task, ...]:
    """Return what is asked, in the order of the homework; raise ValueError if there is no such layout.

    >>> [task.name for task in tasks()][:4]
    ['forward', 'backward', 'vector_forward', 'vector_backward']
    """
    if layout not in ("homework", "pytorch"):
        raise ValueError(f'layout: expected "homework" or "pytorch", got {layout!r}')
    if not isinstance(biases, bool):
        raise TypeError(f"biases: expected True or False, got {biases!r}")
    one, many = View(univariate=True, biases=biases), View(layout=layout, biases=biases)
    return (*_lstm_tasks(one), *_lstm_tasks(many), *_mdrnn_tasks(), *_momentum_tasks())


# Problem 1


class View(NamedTuple):
    """How a student sees an LSTM: with one unit and one input as numbers, or as arrays in some layout; with biases.

    A bias is the weight of an input that is always 1: so the formulas need none. In PyTorch's layout the gates have an
    order.
    """

    univariate: bool = False
    layout: str = "homework"
    biases: bool = False
    order: str = "ifgo"

    def weights(self, weights: lstm.Weights, *, bars: bool = False) -> dict[str, Any]:
        """Return weights, or their bars, by the names that a student gives them."""
        from_x = {gate: getattr(weights, f"{gate}x") for gate in _GATES}
        from_h = {gate: getattr(weights, f"{gate}h") for gate in _GATES}
        biases = {gate: w[-1] for gate, w in from_x.items()} if self.biases else {}
        from_x = {gate: w[:-1] if self.biases else w for gate, w in from_x.items()}
        if self.layout == "pytorch":
            return self._as_pytorch(from_x, from_h, biases, bars=bars)
        named = {f"{gate}{of}": w for gate in _GATES for of, w in (("x", from_x[gate]), ("h", from_h[gate]))}
        named |= {f"{gate}b": bias for gate, bias in biases.items()}
        return {name: w.item() for name, w in named.items()} if self.univariate else named

    def _as_pytorch(
        self, from_x: dict[str, Any], from_h: dict[str, Any], biases: dict[str, Any], *, bars: bool
    ) -> dict[str, Any]:
        """Return weights in PyTorch's layout: the gates above each other, and two biases, whose sum counts."""
        shown = {"weight_ih": np.concatenate([from_x[gate].T for gate in self.order])}
        shown["weight_hh"] = np.concatenate([from_h[gate].T for gate in self.order])
        if biases:
            whole, shares = np.concatenate([biases[gate] for gate in self.order]), (1, 1) if bars else (0.75, 0.25)
            shown |= {f"bias_{of}": share * whole for of, share in zip(("ih", "hh"), shares, strict=True)}
        return shown

    def misread(self, values: Values) -> Values:
        """Return what is read by one who takes this view's order for that of the layout."""
        read = {f"{own}{of}": f"{true}{of}" for own, true in zip(self.order, View().order, strict=True) for of in "xhb"}
        return {name: values[read.get(name, name)] for name in values}

    def names(self) -> list[str]:
        """Return the names that a student gives the weights."""
        return [*self.weights(self.model(self.draw(_BATCHES[0], lambda *shape: np.zeros(shape)))[0])]

    def over_time(self, array: Any) -> Any:
        """Return a quantity at each time as a student sees it: a number, or an array (batch, units)."""
        return array[:, 0] if self.univariate else array

    def model(self, values: Values) -> tuple[lstm.Weights, Any]:
        """Return the weights and the inputs of an instance, with the input that is always 1 if there are biases."""
        weights, x = lstm.Weights(*(values[name] for name in lstm.Weights._fields)), values["x"]
        if not self.biases:
            return weights, x
        biased = {f"{gate}x": np.vstack([values[f"{gate}x"], values[f"{gate}b"]]) for gate in _GATES}
        return weights._replace(**biased), np.concatenate([x, np.ones_like(x[..., :1])], axis=-1)

    def draw(self, sizes: Sizes, numbers: Numbers) -> Values:
        """Draw the weights, the inputs, the initial states and the direct terms."""
        d, h = sizes.get("D", 1), sizes.get("H", 1)
        batch = () if self.univariate else (sizes["batch"],)
        weights = {name: numbers(d if name.endswith("x") else h, h) for name in lstm.Weights._fields}
        biases = {f"{gate}b": numbers(h) for gate in _GATES if self.biases}
        states = {"h0": numbers(*batch, h), "c0": numbers(*batch, h)}
        return (
            weights | biases | states | {"x": numbers(sizes["T"], *batch, d), "direct": numbers(sizes["T"], *batch, h)}
        )


def _sizes(names: str, *counts: tuple[int, ...]) -> tuple[Sizes, ...]:
    """Return sizes by name, those first that are small to a reader."""
    return tuple(dict(zip(names.split(), each, strict=True)) for each in counts)


_TIMES = _sizes("T", (1,), (2,), (3,), (12,))
_BATCHES = _sizes(
    "T batch D H",
    *[(1, 1, 1, 1), (2, 1, 1, 1), (1, 1, 2, 1), (1, 1, 1, 2), (1, 2, 1, 1), (2, 3, 2, 3), (3, 2, 3, 2), (7, 3, 2, 3)],
)
_GRIDS = _sizes(
    "rows columns D H",
    *[(1, 1, 1, 1), (2, 1, 1, 1), (1, 2, 1, 1), (2, 2, 1, 1), (1, 1, 2, 1), (2, 1, 1, 2), (3, 4, 3, 2), (4, 3, 2, 3)],
)
_COUNTED = _sizes("D H", (1, 1), (1, 2), (2, 1), (2, 2), (3, 5), (7, 4))
_COUNTED_GRIDS = _sizes("G D H n_a", (1, 1, 1, 1), (2, 1, 2, 2), (3, 2, 1, 1), (2, 2, 2, 3), (3, 3, 5, 5), (4, 7, 4, 2))
_SQUARES = _sizes("G", (1,), (2,), (3,), (4,), (7,))
_PARAMETERS = _sizes("D", (1,), (2,), (3,))
_MANY = 34
"""The size of the Hessian that has eigenvalues at which other matrices are singular."""

_RANKED = (*_PARAMETERS, {"D": _MANY})

_SIMPLE_FACTORS = {"−1": -1.0, "2": 2.0, "0.5": 0.5}


def _lstm_tasks(view: View) -> list[Task]:
    """Return the two tasks of Problem 1, as one view shows them."""
    prefix = "" if view.univariate else "vector_"
    task = partial(
        Task,
        group="Problem 1, one input and one unit" if view.univariate else "Problem 1, vectors and a batch",
        sizes=_TIMES if view.univariate else _BATCHES,
        draw=view.draw,
        module="lstm",
        scales=_time_and_batch,
        shown=partial(_lstm_shown, view),
    )
    bars = {key: Quantity(f"{key}\N{COMBINING MACRON}", 0 if key in "hc" else 1, 1) for key in "hcgofix"}
    return [
        task(
            name=f"{prefix}forward",
            quantities={key: Quantity(key, 0 if key in "hc" else 1, 1) for key in "ifogch"},
            arguments=partial(_forward_arguments, view),
            ways=(partial(_forward, view),),
            mistakes=_orders(view, _forward_misread) + _without_biases(view, _forward),
        ),
        task(
            name=f"{prefix}backward",
            quantities=bars | {name: Quantity(f"bar of w.{name}") for name in view.names()},
            arguments=partial(_backward_arguments, view),
            ways=(partial(_backward, view), partial(_both_passes, view)),
            truth=partial(_bars_by_complex_steps, view),
            mistakes=_orders(view, _backward_misread, _both_passes_misread, _backward_returned)
            + _without_biases(view, _both_passes),
            linear=("direct",),
        ),
    ]


def _without_biases(view: View, way: Callable[..., dict[str, Any]]) -> tuple[Mistake, ...]:
    """Return the mistakes of one who leaves out the biases; in PyTorch's layout, one of the two."""
    shares = {"the biases are": 0.0} if view.biases else {}
    if view.biases and view.layout == "pytorch":
        shares |= {"bias_hh is": 0.75, "bias_ih is": 0.25}

    def less(share: float, values: Values) -> dict[str, Any]:
        return way(view, _RIGHT, values | {f"{gate}b": share * values[f"{gate}b"] for gate in _GATES})

    return tuple(
        Mistake(f"{words} left out of what enters the gates.", "lstm-w-ix", partial(less, share))
        for words, share in shares.items()
    )


def _orders(view: View, *misread: Callable[[View, Values], dict[str, Any]]) -> tuple[Mistake, ...]:
    """Return the mistakes of one who takes the gates of PyTorch's layout in another order."""
    orders = [*permutations(view.order)][1:] if view.layout == "pytorch" else []
    return tuple(
        Mistake(
            f"you take the gates in the order {', '.join(order)}, and PyTorch has them in the order i, f, g, o.",
            "lstm-w-ix",
            partial(numbers, view._replace(order="".join(order))),
        )
        for order in orders
        for numbers in misread
    )


def _time_and_batch(sizes: Sizes) -> dict[str, float]:
    """Return the factors that a mean has where a sum is due, and others that are met."""
    t, batch = sizes["T"], sizes.get("batch")
    factors = _SIMPLE_FACTORS | {"1/T, a mean over time for the sum": 1 / t, "T": t}
    if batch is None:
        return factors
    means = {
        "1/batch, a mean over the batch for the sum": 1 / batch,
        "1/(T · batch), a mean for the sum": 1 / t / batch,
    }
    return factors | means | {"batch": batch}


class _Kept(NamedTuple):
    """The values of an instance, which are the same only if they are the same object: they are not changed."""

    values: Values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self.values is other.values

    def __hash__(self) -> int:
        return id(self.values)


def _trace(view: View, values: Values) -> tuple[lstm.Weights, lstm.Trace]:
    return _trace_of_kept(view, _Kept(values))


@lru_cache(maxsize=100)
def _trace_of_kept(view: View, kept: _Kept) -> tuple[lstm.Weights, lstm.Trace]:
    """Return the weights of an instance and what the forward pass finds: each slip in the way back asks for it."""
    weights, x = view.model(kept.values)
    return weights, lstm.forward(weights, x, kept.values["h0"], kept.values["c0"])


def _lstm_shown(view: View, values: Values) -> dict[str, Any]:
    """Return what is told of an instance: the weights by name, what comes in, and the direct terms."""
    weights = {f"w.{name}": w for name, w in view.weights(view.model(values)[0]).items()}
    states = {"x": values["x"], "h0": values["h0"], "c0": values["c0"], "h_bar_direct": values["direct"]}
    return weights | {name: value[..., 0] if view.univariate else value for name, value in states.items()}


def _forward_arguments(view: View, values: Values) -> dict[str, Any]:
    states = {name: values[name].item() if view.univariate else values[name] for name in ("h0", "c0")}
    return {"w": view.weights(view.model(values)[0]), "x": view.over_time(values["x"])} | states


def _backward_arguments(view: View, values: Values) -> dict[str, Any]:
    weights, trace = _trace(view, values)
    traced_states = {name: view.over_time(getattr(trace, name)) for name in "ifogch"}
    shown = {"w": view.weights(weights), "x": view.over_time(values["x"])}
    return shown | traced_states | {"h_bar_direct": view.over_time(values["direct"])}


def _forward(view: View, modules: SimpleNamespace, values: Values) -> dict[str, Any]:
    weights, x = view.model(values)
    trace = modules.lstm.forward(weights, x, values["h0"], values["c0"])
    return {name: view.over_time(getattr(trace, name)) for name in "ifogch"}


def _backward(view: View, modules: SimpleNamespace, values: Values) -> dict[str, Any]:
    return _shown_bars(view, modules.lstm.backward(*_trace(view, values), values["direct"]))


def _both_passes(view: View, modules: SimpleNamespace, values: Values) -> dict[str, Any]:
    """Return the bars as code finds them that does not take what the forward pass has found, but runs its own."""
    weights, x = view.model(values)
    trace = modules.lstm.forward(weights, x, values["h0"], values["c0"])
    return _shown_bars(view, modules.lstm.backward(weights, trace, values["direct"]))


def _forward_misread(view: View, values: Values) -> dict[str, Any]:
    return _forward(view, _RIGHT, view.misread(values))


def _backward_misread(view: View, values: Values) -> dict[str, Any]:
    """Return the bars of misread weights, with what the forward pass has found, which is right."""
    weights, _ = view.model(view.misread(values))
    return _shown_bars(view, lstm.backward(weights, _trace(view, values)[1], values["direct"]))


def _backward_returned(view: View, values: Values) -> dict[str, Any]:
    """Return the right bars, in another order."""
    return _backward(view, _RIGHT, values)


def _both_passes_misread(view: View, values: Values) -> dict[str, Any]:
    return _both_passes(view, _RIGHT, view.misread(values))


def _shown_bars(view: View, bars: lstm.Gradients) -> dict[str, Any]:
    bars = bars._replace(x=bars.x[..., :-1]) if view.biases else bars
    return {name: view.over_time(getattr(bars, name)) for name in "hcgofix"} | view.weights(bars.weights, bars=True)


def _bars_by_complex_steps(view: View, values: Values) -> dict[str, Any]:
    """Return all bars as derivatives of the loss: each quantity is nudged where it is made."""
    weights, trace = _trace(view, values)
    nudged = weights._asdict() | {"x": trace.x} | {name: 0 * getattr(trace, name) for name in "ifogch"}
    ends = np.cumsum([array.size for array in nudged.values()])

    def parts(flat: Any) -> dict[str, Any]:
        cut = np.split(flat, ends[:-1])
        return {name: piece.reshape(array.shape) for (name, array), piece in zip(nudged.items(), cut, strict=True)}

    def loss(flat: Any) -> Any:
        at = parts(flat)
        h, c, total = values["h0"] + at["h"][0], values["c0"] + at["c"][0], 0
        for t, direct in enumerate(values["direct"]):
            now = lstm.step(lstm.Weights(*(at[name] for name in lstm.Weights._fields)), at["x"][t], h, c)
            c = lstm.cell_state(now.i + at["i"][t], now.f + at["f"][t], now.g + at["g"][t], c) + at["c"][t + 1]
            h = lstm.hidden_state(now.o + at["o"][t], c) + at["h"][t + 1]
            total = total + np.sum(direct * h)
        return total

    bars = parts(complex_step_jacobian(loss, np.concatenate([array.ravel() for array in nudged.values()])))
    of_weights = lstm.Weights(*(bars.pop(name) for name in lstm.Weights._fields))
    return _shown_bars(view, lstm.Gradients(weights=of_weights, **bars))


# Problem 2


def _mdrnn_tasks() -> list[Task]:
    """Return the tasks of Problem 2."""
    return [
        Task(
            name="mdrnn_forward",
            group="Problem 2",
            quantities={"": Quantity("h", axes=2)},
            sizes=_GRIDS,
            draw=_grid,
            arguments=lambda values: {"w": {name: values[name] for name in mdrnn.Weights._fields}, "x": values["x"]},
            ways=(partial(_states, "forward"), partial(_states, "forward_wavefront")),
            module="mdrnn",
            scales=lambda _: _SIMPLE_FACTORS,
        ),
        _count("mdrnn_steps", _SQUARES, lambda of, G: len(of.wavefronts(G, G)), _chain),
        _count("mdrnn_weights", _COUNTED, lambda of, D, H: of.weight_count(D, H), _weights_that_move),
        _count(
            "mdrnn_operations",
            _COUNTED_GRIDS,
            lambda of, *sizes: of.operation_count(*sizes),
            _operations_done,
            tuple(
                Mistake(says, "mdrnn-grid-operations", partial(_operations, count))
                for says, count in _OPERATIONS.items()
            ),
        ),
    ]


_OPERATIONS: dict[str, Callable[..., int]] = {
    "two operations are counted for each weight, a multiplication and an addition: of n products the sum has n − 1.": (
        lambda D, H, n_a: n_a + 2 * (D + 2 * H)
    ),
    "two operations are counted for each weight, and none for the activation.": lambda D, H, n_a: 2 * (D + 2 * H),  # noqa: ARG005
    "the addition of a bias is counted: this network has none.": lambda D, H, n_a: n_a + 2 * (D + 2 * H),
    "one addition is counted to join the three products: it is two.": lambda D, H, n_a: n_a + 2 * (D + 2 * H) - 2,
}
"""What is counted for each unit of a cell by one who counts otherwise."""


def _operations(count: Callable[..., int], values: Values) -> dict[str, Any]:
    return {"": values["G"] ** 2 * values["H"] * count(values["D"], values["H"], values["n_a"])}


def _count(
    name: str,
    sizes: tuple[Sizes, ...],
    formula: Callable[..., int],
    instrument: Callable[..., int],
    mistakes: tuple[Mistake, ...] = (),
) -> Task:
    """Return a task whose answer is a whole number, of sizes alone."""
    return Task(
        name=name,
        group="Problem 2",
        quantities={"": Quantity(name)},
        sizes=sizes,
        draw=lambda sizes, _: dict(sizes),
        arguments=dict,
        ways=(lambda modules, values: {"": formula(modules.mdrnn, *values.values())},),
        module="mdrnn",
        truth=lambda values: {"": instrument(**values)},
        mistakes=mistakes,
        scales=lambda _: _SIMPLE_FACTORS,
        shown=lambda _: {},
    )


def _grid(sizes: Sizes, numbers: Numbers) -> Values:
    d, h = sizes["D"], sizes["H"]
    weights = {"w_in": numbers(d, h), "w_w": numbers(h, h), "w_n": numbers(h, h)}
    return weights | {"x": numbers(sizes["rows"], sizes["columns"], d)}


def _states(evaluation: str, modules: SimpleNamespace, values: Values) -> dict[str, Any]:
    weights = mdrnn.Weights(*(values[name] for name in mdrnn.Weights._fields))
    return {"": getattr(modules.mdrnn, evaluation)(weights, values["x"])}


def _chain(G: int) -> int:
    """Return the steps of the longest chain of products, as traced numbers find it."""
    ones = np.ones((1, 1))
    return int(mdrnn.forward(mdrnn.Weights(ones, ones, ones), traced(np.ones((G, G, 1))))[-1, -1, 0].depth)


def _weights_that_move(D: int, H: int) -> int:
    """Return the number of weights whose derivative is not 0."""
    rng = np.random.default_rng(2)
    weights, x = mdrnn.Weights.random(rng, D, H), rng.normal(size=(2, 2, D))
    ends = np.cumsum([w.size for w in weights])[:-1]

    def output(flat: Any) -> Any:
        cut = np.split(flat, ends)
        return mdrnn.forward(mdrnn.Weights(*(part.reshape(w.shape) for part, w in zip(cut, weights, strict=True))), x)

    slopes = complex_step_jacobian(output, np.concatenate([w.ravel() for w in weights]))
    return int(np.count_nonzero(slopes.any(axis=tuple(range(slopes.ndim - 1)))))


def _operations_done(G: int, D: int, H: int, n_a: int) -> int:
    """Return the number of operations, as counted numbers find it, of an activation of `n_a` additions."""
    weights = mdrnn.Weights(counted(np.ones((D, H))), counted(np.ones((H, H))), counted(np.ones((H, H))))

    def phi(z: Any) -> Any:
        for _ in range(n_a):
            z = z + 0.0
        return z

    with tally() as operations:
        mdrnn.forward(weights, counted(np.ones((G, G, D))), phi)
    return operations.total


# Problem 3


def _momentum_tasks() -> list[Task]:
    """Return the tasks of Problem 3."""
    task = partial(
        Task,
        group="Problem 3",
        sizes=_PARAMETERS,
        draw=_descent,
        module="momentum",
        scales=lambda _: _SIMPLE_FACTORS,
        shown=_descent_shown,
    )
    both = {"theta": Quantity("θ"), "p": Quantity("p")}
    state = partial(task, quantities=both, arguments=_state, exact=True, linear=("theta", "p", "slope"))
    of_jacobian = partial(task, arguments=_slopes)
    det, rank = partial(_of_jacobian, np.linalg.det), partial(_of_jacobian, np.linalg.matrix_rank)
    step, unstep, one = partial(_stepped, "step"), partial(_stepped, "unstep"), Quantity("J")
    return [
        state(name="step", ways=(step,), mistakes=_exchanged(step)),
        state(name="unstep", ways=(unstep,), mistakes=_exchanged(unstep), truth=_undone),
        of_jacobian(
            name="jacobian",
            quantities={"": one},
            ways=(_jacobian,),
            truth=_slopes_of_step,
            mistakes=_exchanged(_jacobian),
            rearranged=_with_p_first,
            exact=True,
        ),
        of_jacobian(name="determinant", quantities={"": one}, ways=(det,), mistakes=_DETERMINANTS, pairs=False),
        of_jacobian(name="rank", quantities={"": one}, sizes=_RANKED, draw=_ranked, ways=(rank,), pairs=False),
    ]


def _with_p_first(jacobian: Any) -> dict[str, Any]:
    """Return a Jacobian in the other orders of θ and p."""
    of: dict[str, Any] = {"rows": 0, "columns": 1, "rows and in its columns": (0, 1)}
    return {
        f"with p before θ in its {words}": np.roll(jacobian, len(jacobian) // 2, axes) for words, axes in of.items()
    }


def _exchanged(way: Callable[[SimpleNamespace, Values], dict[str, Any]]) -> tuple[Mistake, ...]:
    """Return the mistake of one who takes α for β, and β for α."""

    def exchanged(values: Values) -> dict[str, Any]:
        return way(_RIGHT, values | {"alpha": values["beta"], "beta": values["alpha"]})

    return (Mistake("α and β are exchanged: α comes first.", "momentum-p-inverse", exchanged),)


def _blocks(values: Values) -> tuple[Any, Any, Any, Any]:
    """Return the determinants of the Jacobian's four blocks, row by row."""
    halves = np.vsplit(momentum.jacobian(**_slopes(values)), 2)
    a, b, c, d = (np.linalg.det(block) for half in halves for block in np.hsplit(half, 2))
    return a, b, c, d


def _diagonal(values: Values) -> Any:
    a, _, _, d = _blocks(values)
    return a * d


def _crosswise(values: Values) -> Any:
    a, b, c, d = _blocks(values)
    return a * d - b * c


def _determinant(says: str, formula: Callable[[Values], Any]) -> Mistake:
    return Mistake(says, "jacobian-determinant", lambda values: {"": formula(values)})


_DETERMINANTS = (
    _determinant(
        "you have β, which is right for one parameter alone: each of the D parameters has a factor β.",
        lambda values: values["beta"],
    ),
    _determinant(
        "you have β to the power 2D: only p has a factor β, and p has D components.",
        lambda values: values["beta"] ** (2 * len(values["theta"])),
    ),
    _determinant(
        "you took the determinant of the block on the top left alone.",
        lambda values: _blocks(values)[0],
    ),
    _determinant(
        "you multiplied the determinants of the blocks on the diagonal, which is right where a block beside them is 0.",
        _diagonal,
    ),
    _determinant(
        "you took det A det D − det B det C for the blocks A, B, C, D: that formula is one for numbers.",
        _crosswise,
    ),
)
"""What is found by one who takes the determinant of blocks for that of numbers."""


def _descent(sizes: Sizes, numbers: Numbers) -> Values:
    """Draw a state, a quadratic objective, α from 1/4 up, and β from 1/2 down."""
    d = sizes["D"]
    arrays = {"theta": numbers(d), "p": numbers(d), "half": numbers(d, d), "slope": numbers(d)}
    a, b = abs(numbers(2)).tolist()
    return arrays | {"alpha": 0.25 * (1 + a), "beta": 0.5 ** (1 + b)}


def _ranked(sizes: Sizes, numbers: Numbers) -> Values:
    """Draw the same; of the largest size with a Hessian at which other matrices, made of it, α and β, are singular."""
    values, d = _descent(sizes, numbers), sizes["D"]
    if d < _MANY:
        return values
    a, b = values["alpha"], values["beta"]
    sizes_of_eigenvalues = (1, 1 / a, b / a, (1 + b) / a, (1 - b) / a, a, b, 1 / b)
    eigenvalues = np.array([0, *sizes_of_eigenvalues, *(-size for size in sizes_of_eigenvalues)])
    return values | {"half": np.diag(eigenvalues[(np.arange(d) + (1000 * numbers(d)).astype(int)) % len(eigenvalues)])}


def _hessian(values: Values) -> Any:
    return np.tril(values["half"]) + np.tril(values["half"], -1).T


def _descent_shown(values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "half"} | {"hessian": _hessian(values)}


def _gradient(values: Values) -> Quadratic:
    return Quadratic(_hessian(values), values["slope"])


def _state(values: Values) -> dict[str, Any]:
    names = {"theta": values["theta"], "p": values["p"], "gradient": _gradient(values)}
    return names | {"alpha": values["alpha"], "beta": values["beta"]}


def _slopes(values: Values) -> dict[str, Any]:
    return {"hessian": _hessian(values), "alpha": values["alpha"], "beta": values["beta"]}


def _stepped(way: str, modules: SimpleNamespace, values: Values) -> dict[str, Any]:
    state = momentum.State(values["theta"], values["p"])
    after = getattr(modules.momentum, way)(state, _gradient(values), values["alpha"], values["beta"])
    return {"theta": after.theta, "p": after.p}


def _undone(values: Values) -> dict[str, Any]:
    """Return the state from which a step leads to the one that is given, as linear equations find it."""
    d = len(values["theta"])
    slopes = _slopes_of_step(values)[""]
    ahead = np.concatenate(
        [
            *momentum.step(
                momentum.State(0 * values["theta"], 0 * values["p"]), _gradient(values), values["alpha"], values["beta"]
            )
        ]
    )
    before = np.linalg.solve(slopes, np.concatenate([values["theta"], values["p"]]) - ahead)
    return {"theta": before[:d], "p": before[d:]}


def _jacobian(modules: SimpleNamespace, values: Values) -> dict[str, Any]:
    return {"": modules.momentum.jacobian(**_slopes(values))}


def _slopes_of_step(values: Values) -> dict[str, Any]:
    """Return the Jacobian of a step by complex steps."""
    d = len(values["theta"])

    def step(s: Any) -> Any:
        state = momentum.State(s[:d], s[d:])
        return np.concatenate([*momentum.step(state, _gradient(values), values["alpha"], values["beta"])])

    return {"": complex_step_jacobian(step, np.concatenate([values["theta"], values["p"]]))}


def _of_jacobian(function: Callable[[Any], Any], modules: SimpleNamespace, values: Values) -> dict[str, Any]:
    return {"": function(modules.momentum.jacobian(**_slopes(values)))}


if __name__ == "__main__":
    sys.exit(
        command(sys.argv[1:], tasks, library(), settings=SETTINGS, page_of=page_of, starter=STARTER, prog="hw3.grader")
    )
