from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from claimcheck.grading.wire import Quadratic, pack, unpack


@given(arrays(np.float64, array_shapes(min_dims=0, min_side=0)))
def test_floats_keep_every_bit(array):
    passed = unpack(pack(array))
    assert passed.tobytes() == array.tobytes()
    assert passed.shape == array.shape


@given(st.floats() | st.integers() | st.fractions() | st.none() | st.text())
def test_numbers_pass_as_they_are(value):
    passed = unpack(pack(value))
    assert type(passed) is type(value)
    assert passed == value or passed != passed  # noqa: PLR0124  nan alone differs from itself


def test_fractions_in_an_array_pass_as_they_are():
    passed = unpack(pack(np.array([[Fraction(1, 3)], [2]], dtype=object)))
    assert passed.tolist() == [[Fraction(1, 3)], [2]]


def test_a_gradient_passes_with_its_numbers():
    gradient = unpack(pack({"of": [Quadratic(np.eye(2), np.ones(2))]}))["of"][0]
    assert gradient(np.array([3.0, 5.0])).tolist() == [2, 4]


@pytest.mark.parametrize("value", [object(), np.array(["a"]), b"bytes", {1, 2}])
def test_nothing_else_passes(value):
    with pytest.raises(TypeError, match="expected numbers, got"):
        pack(value)


@pytest.mark.parametrize("told", [{"array": ["|O", [1], "AAAAAAAAAAA="]}, {"array": ["<U1", [1], "AAAA"]}])
def test_no_object_is_made_of_bytes(told):
    with pytest.raises(ValueError, match="expected numbers, got"):
        unpack(told)


@pytest.mark.parametrize("told", [{"code": "1"}, {"array": ["<f8", [3], "AAAA"]}, {"float": "x"}, {}, {"a": 1, "b": 2}])
def test_what_was_not_packed_is_refused(told):
    with pytest.raises((KeyError, ValueError)):
        unpack(told)
