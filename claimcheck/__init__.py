"""The instruments: what checks claims, and knows nothing of them.

`complex_step_jacobian` takes derivatives to machine precision. `agree` compares two results and
returns a `Check`; `every` makes one of yes-or-no answers; `verdict` decides a claim from its checks.
`tally` and `counted` count operations. `traced` follows which inputs an output depends on, and how
long the chain of products between them is. `rationals` are exact, `fifty_digits` nearly so; with
`symbols` a function returns its formula, `derivative` differentiates that, and `identical`
proves two equal. An `Explorer` shows what a function returns as a number in it moves.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from claimcheck.checks import Check, agree, every
from claimcheck.claims import Verdict, verdict
from claimcheck.counted import Counted, Tally, counted, tally
from claimcheck.derivatives import complex_step_jacobian
from claimcheck.explorer import Explorer
from claimcheck.traced import Traced, traced

if TYPE_CHECKING:
    from claimcheck.symbolic import (
        FiftyDigits,
        Rational,
        Symbolic,
        derivative,
        fifty_digits,
        identical,
        rationals,
        symbols,
    )

__version__ = version("hw3")

__all__ = [
    "Check",
    "Counted",
    "Explorer",
    "FiftyDigits",
    "Rational",
    "Symbolic",
    "Tally",
    "Traced",
    "Verdict",
    "agree",
    "complex_step_jacobian",
    "counted",
    "derivative",
    "every",
    "fifty_digits",
    "identical",
    "rationals",
    "symbols",
    "tally",
    "traced",
    "verdict",
]

_SYMBOLIC = {
    "FiftyDigits",
    "Rational",
    "Symbolic",
    "derivative",
    "fifty_digits",
    "identical",
    "rationals",
    "symbols",
}


def __getattr__(name: str) -> Any:
    """Import what needs SymPy when it is asked for: SymPy takes most of a second to import."""
    if name in _SYMBOLIC:
        return getattr(import_module("claimcheck.symbolic"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
