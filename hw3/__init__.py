"""The formulas of the written solution, one short pure function each.

`lstm` is Problem 1, `mdrnn` and `convnet` are Problem 2, `momentum` is Problem 3. `fused_lstm` is `lstm` in
a faster form, and `exact_momentum` goes beyond the solution: it runs momentum backwards bit for bit. They
run on any array library that follows the array API standard, and on arrays of numbers that count, remember
or are exact. `claimcheck` holds the instruments that check them; the two never import each other.

The networks and `momentum` take floating-point numbers, and all arrays of a call have one precision: nothing is
widened. NaN in an input, in weights, in α or β is refused by name. It passes where looking would cost as much as the
step, in the weights of `lstm.step` and `mdrnn.cell`; in a `momentum.State`, which may have become NaN on its way; and
where a compiler traces, which does not know the numbers.

>>> import hw3
>>> hw3.mdrnn.weight_count(3, 5)
65
"""

from importlib.metadata import version

from hw3 import convnet, exact_momentum, fused_lstm, lstm, mdrnn, momentum

__all__ = ["convnet", "exact_momentum", "fused_lstm", "lstm", "mdrnn", "momentum"]

__version__ = version("hw3")
