"""Where a new array goes: to the device of those that it will be combined with."""

from typing import Any

import array_api_compat

Array = Any  # an array of any library that follows the array API standard


def device(x: Array) -> Any:
    """Return the device of `x`; None, which lets the library choose, where `x` is spread over several."""
    where = array_api_compat.device(x)
    # JAX answers with a sharding for an array on several devices, and one for the axes of `x` does not fit others
    return None if getattr(where, "num_devices", 1) > 1 else where
