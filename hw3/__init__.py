"""The formulas of the written solution, one short pure function each.

`lstm` is Problem 1, `mdrnn` and `convnet` are Problem 2, `momentum` is Problem 3. `fused_lstm` is `lstm` in
a faster form, and `exact_momentum` goes beyond the solution: it runs momentum backwards bit for bit. They
run on any array library that follows the array API standard, and on arrays of numbers that count, remember
or are exact. `claimcheck` holds the instruments that check them; the two never import each other.
"""
