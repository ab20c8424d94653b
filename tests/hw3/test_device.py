from types import SimpleNamespace

import array_api_compat
import numpy as np
import pytest

from hw3._device import device
from kinds_of_numbers import elsewhere, place_of, strict


def test_a_device_is_that_of_the_array():
    assert device(np.ones(1)) == array_api_compat.device(np.ones(1))
    assert device(elsewhere(np.ones(1))) == place_of(elsewhere(np.ones(1))) != device(strict(np.ones(1)))


@pytest.mark.parametrize(("devices", "chosen"), [(1, True), (2, False), (8, False)])
def test_of_several_devices_the_library_chooses(monkeypatch, devices, chosen):
    where = SimpleNamespace(num_devices=devices)
    monkeypatch.setattr(array_api_compat, "device", lambda x: where)
    assert device(np.ones(1)) is (where if chosen else None)
