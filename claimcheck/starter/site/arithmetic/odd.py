"""Odd numbers."""


def odd_numbers(count):
    """Return the first odd numbers.

    >>> odd_numbers(3)
    [1, 3, 5]
    """
    return [2 * k + 1 for k in range(count)]
