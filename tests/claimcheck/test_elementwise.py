import numpy as np
import pytest

from claimcheck import counted, tally, traced


@pytest.mark.parametrize("name", ["tanh", "exp", "log", "sqrt", "sin", "cos"])
def test_each_function_computes_under_its_own_name(name):
    function, z = getattr(np, name), np.array([0.5, 2.0])
    with tally() as t:
        results = function(counted(z))
    assert [result.value for result in results] == function(z).tolist()
    assert t.counts == {name: 2}
    assert [result.value for result in function(traced(z))] == function(z).tolist()
