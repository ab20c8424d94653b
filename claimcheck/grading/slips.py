"""Slips by heart: each is a change of a line in a formula, in code that is right, and a sentence to who made it.

Planted in the code, a slip gives the numbers that a student who made it gets. A change is kept small, so that two
slips in one line can be planted at once.
"""

import ast
import inspect
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from itertools import takewhile
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any, NamedTuple


class Edit(NamedTuple):
    """Another text for what stands in a source from `start` to before `end`."""

    start: int
    end: int
    text: str


class Slip(NamedTuple):
    """A slip: its name in the list, what is said of it, the claim that it offends, and where it is planted."""

    name: str
    says: str
    claim: str
    module: str
    edits: tuple[Edit, ...]


class Library:
    """The slips of a list, and the modules that they are planted in.

    Parameters
    ----------
    modules
        The modules by the names that the list uses.
    text
        The list, in TOML: a table for each slip, with `module`, `before`, `after`, `says` and `claim`; `before_too` and
        `after_too` change a second place. Each `before` stands in the module just once. A table with `others` is one
        slip for each of them, which stands where its name and its texts have {other}.

    Raises
    ------
    ValueError
        If what a slip changes does not stand in its module just once.

    Examples
    --------
    >>> from fractions import Fraction
    >>> import colorsys
    >>> text = '''["red and blue exchanged"]
    ... module = "colorsys"
    ... before = "y = 0.30*r + 0.59*g + 0.11*b"
    ... after = "y = 0.30*b + 0.59*g + 0.11*r"
    ... says = "you exchanged red and blue in y."
    ... claim = "luma"'''
    >>> library = Library({"colorsys": colorsys}, text)
    >>> library.planted(library.slips).colorsys.rgb_to_yiq(1, 0, 0)[0]
    0.11
    """

    def __init__(self, modules: Mapping[str, ModuleType], text: str) -> None:
        self.sources = {name: Source(module) for name, module in modules.items()}
        self.known: dict[Any, dict[str, Any]] = {}
        self.slips = [_slip(name, entry, self.sources[entry["module"]]) for name, entry in entries(text)]

    def planted(self, slips: Iterable[Slip]) -> SimpleNamespace:
        """Return the modules with slips in them."""
        edits: dict[str, list[Edit]] = {name: [] for name in self.sources}
        for slip in slips:
            edits[slip.module] += slip.edits
        return SimpleNamespace(**{name: source.changed(edits[name]) for name, source in self.sources.items()})


class Source:
    """A module, of which changed copies can be made."""

    def __init__(self, module: ModuleType) -> None:
        self.module, self.text = module, inspect.getsource(module)
        self._compiled = cache(self._compile)

    @cached_property
    def functions(self) -> dict[str, tuple[int, int]]:
        """Where each function of the module begins and ends in its text."""
        lines = [0]
        for line in self.text.splitlines(keepends=True):
            lines.append(lines[-1] + len(line))
        defined = [node for node in ast.parse(self.text).body if isinstance(node, ast.FunctionDef)]
        return {node.name: (lines[node.lineno - 1], lines[node.end_lineno or 0]) for node in defined}

    def changed(self, edits: Iterable[Edit]) -> ModuleType | SimpleNamespace:
        """Return a copy of the module with edits made; the module itself if there are none."""
        within: dict[str, list[Edit]] = {}
        for edit in edits:
            within.setdefault(self._function(edit), []).append(edit)
        if not within:
            return self.module
        names = dict(vars(self.module))
        for name, function in vars(self.module).items():
            if isinstance(function, FunctionType) and function.__module__ == self.module.__name__:
                copy = FunctionType(function.__code__, names, name, function.__defaults__, function.__closure__)
                copy.__kwdefaults__ = function.__kwdefaults__
                names[name] = copy
        for name, of_function in within.items():
            exec(self._compiled(name, tuple(sorted(of_function))), names)  # noqa: S102  our own code, changed by our list
        return SimpleNamespace(**names)

    def _function(self, edit: Edit) -> str:
        return next(name for name, (start, end) in self.functions.items() if start <= edit.start and edit.end <= end)

    def _compile(self, name: str, edits: tuple[Edit, ...]) -> CodeType:
        """Return the code that defines a function with edits made."""
        start, end = self.functions[name]
        text = self.text[start:end]
        for edit in reversed(edits):
            text = text[: edit.start - start] + edit.text + text[edit.end - start :]
        return compile(text, f"{self.module.__name__}.{name}", "exec")


def entries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    r"""Yield the name of each slip of a list, and what the list says of it.

    >>> list(entries('["{other} twice"]\nothers = ["a", "b"]\nsays = "you took {other} twice."'))
    [('a twice', {'says': 'you took a twice.'}), ('b twice', {'says': 'you took b twice.'})]
    """
    for name, entry in tomllib.loads(text).items():
        for other in entry.pop("others", [""]):
            yield name.replace("{other}", other), {key: words.replace("{other}", other) for key, words in entry.items()}


def apart(first: Slip, second: Slip) -> bool:
    """Return whether two slips can be planted at once: no edit of the one changes what one of the other does."""
    if first.module != second.module:
        return True
    return all(a[:2] != b[:2] and (a.end <= b.start or b.end <= a.start) for a in first.edits for b in second.edits)


def _slip(name: str, entry: dict[str, Any], source: Source) -> Slip:
    """Return a slip of an entry in the list."""
    pairs = [(entry["before"], entry["after"])]
    if "before_too" in entry:
        pairs.append((entry["before_too"], entry["after_too"]))
    for before, _ in pairs:
        if (count := source.text.count(before)) != 1:
            raise ValueError(f"{name}: expected `{before}` in {source.module.__name__} just once, got it {count} times")
    edits = tuple(_edit(source.text, source.text.index(before), before, after) for before, after in pairs)
    return Slip(name, entry["says"], entry["claim"], entry["module"], edits)


def _edit(source: str, start: int, before: str, after: str) -> Edit:
    """Return the smallest change that makes one text, which begins at `start`, another; the leftmost, if it takes away.

    >>> _edit("i_in = i_bar * i * (1 - i)", 7, "i_bar * i * (1 - i)", "i_bar * (1 - i)")
    Edit(start=12, end=16, text='')
    """
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    first, last, text = start + head, start + len(before) - tail, after[head : len(after) - tail]
    while not text and source[first - 1] == source[last - 1]:
        first, last = first - 1, last - 1
    return Edit(first, last, text)


def _alike(first: str, second: str) -> int:
    """Return how many letters two texts have in common from their beginnings on."""
    return len([*takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))])
