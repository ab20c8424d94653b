"""Drawings with sliders: every frame is computed here, and the browser only shows the one that is asked for."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from math import log10, prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from claimcheck.checks import unbroken

COLOURS = {
    "ink": "#000000",
    "blue": "#0072b2",
    "orange": "#d55e00",
    "green": "#007a5a",
    "purple": "#9b4a86",
    "grey": "#808080",
}
"""The colours by name, as on a light page; a page may set the CSS variable of that name to another."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Explorer:
    """A figure of one or more panels, with a slider or several; it stands without a script, at its start.

    What a panel draws is either one picture or a row of them, one a frame. There is a frame for each
    combination of the sliders' positions, the last slider's running fastest.

    Parameters
    ----------
    name
        The figure's anchor, and the beginning of the names of its parts.
    sliders
        For each slider what it moves, and its positions in words.
    alt
        What the figure shows, for those who cannot see it.
    caption
        The line below it.
    says
        For each frame a sentence with its figures.
    start
        The position that each slider starts at.

    Raises
    ------
    ValueError
        If there is no slider or no alt text, a slider has fewer than two positions, `says` has not one
        sentence a frame, or `start` is not one position for each slider.

    Examples
    --------
    >>> explorer = Explorer(
    ...     "double", {"x": ["0", "1"]}, alt="A point.", caption="2x", says=["2x is 0.", "2x is 2."], start=[1]
    ... )
    >>> panel = explorer.panel(xlim=(0, 1), ylim=(0, 2), xticks=[0, 1], yticks=[0, 2])
    >>> panel.points([[0], [1]], [[0], [2]])
    >>> explorer.frames
    2
    >>> 'type="range"' in explorer._repr_html_()
    True
    """

    def __init__(
        self,
        name: str,
        sliders: Mapping[str, Sequence[str]],
        *,
        alt: str,
        caption: str,
        says: Sequence[str],
        start: Sequence[int],
    ) -> None:
        if not sliders:
            raise ValueError("sliders: expected at least one, got none")
        for what, positions in sliders.items():
            if len(positions) < 2:  # noqa: PLR2004  a slider that cannot move is none
                raise ValueError(f"sliders[{what!r}]: expected at least two positions, got {len(positions)}")
        if not alt.strip():
            raise ValueError("alt: expected what the figure shows, got nothing")
        self.name, self.alt, self.caption = name, alt, caption
        self.sliders = {what: list(positions) for what, positions in sliders.items()}
        counts = [len(positions) for positions in self.sliders.values()]
        self.frames = prod(counts)
        if len(says) != self.frames:
            raise ValueError(f"says: expected {self.frames} sentences, one a frame, got {len(says)}")
        if len(start) != len(counts) or not all(0 <= at < count for at, count in zip(start, counts, strict=False)):
            raise ValueError(f"start: expected one of {counts} positions for each slider, got {list(start)}")
        self.says, self.start = [unbroken(sentence) for sentence in says], list(start)
        self.start_frame = int(np.ravel_multi_index(self.start, counts))
        self.panels: list[Panel] = []
        self.changes: list[dict[str, Any]] = []

    def panel(self, **settings: Any) -> "Panel":
        """Add a panel, set as `Panel` says, and return it.

        >>> explorer = Explorer("e", {"x": ["0", "1"]}, alt="One.", caption="", says=["", ""], start=[0])
        >>> explorer.panel(xlim=(0, 1), ylim=(0, 1), title="left").title
        'left'
        """
        self.panels.append(Panel(self, **settings))
        return self.panels[-1]

    def varying(self, kind: str, values: Sequence[Any], **more: Any) -> str:
        """Have the script set `kind` of an element to each frame's value; return the element's id.

        >>> explorer = Explorer("e", {"x": ["0", "1"]}, alt="One.", caption="", says=["", ""], start=[0])
        >>> explorer.varying("text", ["no", "yes"])
        'e-0'
        """
        if len(values) != self.frames:
            raise ValueError(f"values: expected {self.frames}, one a frame, got {len(values)}")
        self.changes.append({"id": f"{self.name}-{len(self.changes)}", "set": kind, "to": list(values)} | more)
        return str(self.changes[-1]["id"])

    def __repr__(self) -> str:
        return f"{self.alt} {self.says[self.start_frame]}"

    def _repr_html_(self) -> str:
        panels = "".join(panel.svg() for panel in self.panels)
        controls = "".join(
            f'<label>{escape(what)} <input type="range" min="0" max="{len(positions) - 1}" step="1" value="{at}" '
            f'data-positions="{escape(json.dumps(positions, ensure_ascii=False))}" '
            f'aria-valuetext="{escape(positions[at])}" autocomplete="off"/> '
            f"<output>{escape(positions[at])}</output></label>"
            for (what, positions), at in zip(self.sliders.items(), self.start, strict=True)
        )
        says = self.varying("text", self.says)
        data = json.dumps(self.changes, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        self.changes.pop()
        return (
            f'<figure class="explorer" id="{self.name}">'
            f'<div class="explorer-panels" role="img" aria-label="{escape(self.alt)}">{panels}</div>'
            f'<div class="explorer-controls">{controls}</div>'
            f'<p class="explorer-says" aria-live="polite" id="{says}">{escape(self.says[self.start_frame])}</p>'
            f"<figcaption>{escape(self.caption)}</figcaption>"
            f'<script type="application/json">{data}</script></figure>'
        )


class Panel:
    """One drawing of an explorer, with axes where ticks are given. Made by `Explorer.panel`.

    Parameters
    ----------
    explorer
        The figure it belongs to.
    xlim, ylim
        What the drawing's left and right, bottom and top end stand for.
    xticks, yticks
        Where the axes have ticks.
    title, xlabel, ylabel
        The words around it.
    log
        Whether the vertical axis is logarithmic.
    width, height
        Its size, in CSS pixels.

    Examples
    --------
    >>> explorer = Explorer("e", {"x": ["0", "1"]}, alt="One.", caption="", says=["", ""], start=[0])
    >>> panel = explorer.panel(xlim=(0, 1), ylim=(1e-3, 1), yticks=[1e-3, 1], log=True)
    >>> "10⁻³" in panel.svg()
    True
    """

    def __init__(
        self,
        explorer: Explorer,
        xlim: tuple[float, float],
        ylim: tuple[float, float],
        *,
        xticks: Sequence[float] = (),
        yticks: Sequence[float] = (),
        title: str = "",
        xlabel: str = "",
        ylabel: str = "",
        log: bool = False,
        width: int = 350,
        height: int = 270,
    ) -> None:
        self.explorer, self.title, self.log, self.width, self.height = explorer, title, log, width, height
        self.left, self.right = (52 if yticks else 8), width - 14
        self.top, self.bottom = (26 if title else 8), height - (38 if xticks else 8)
        self.xlim, self.ylim = xlim, (log10(ylim[0]), log10(ylim[1])) if log else ylim
        self.around: list[str] = []
        self.inside: list[str] = []
        self._axes(xticks, yticks, title, xlabel, ylabel)

    def _axes(self, xticks: Sequence[float], yticks: Sequence[float], title: str, xlabel: str, ylabel: str) -> None:
        grey = paint("grey", "stroke")
        for value, x in zip(xticks, self._across(xticks), strict=True):
            self.around.append(f'<path d="M{x:.1f} {self.bottom}v4" {grey}/>')
            self.around.append(label(x, self.bottom + 17, tick(value), "middle"))
        for value, y in zip(yticks, self._up(yticks), strict=True):
            self.around.append(f'<path d="M{self.left} {y:.1f}h-4" {grey}/>')
            self.around.append(label(self.left - 7, y + 4, tick(value, power=self.log), "end"))
        if xticks:
            self.around.append(f'<path d="M{self.left} {self.bottom}H{self.right}" {grey}/>')
        if yticks:
            self.around.append(f'<path d="M{self.left} {self.top}V{self.bottom}" {grey}/>')
        middle = (self.left + self.right) / 2
        self.around.append(label(middle, 16, title, "middle"))
        self.around.append(label(middle, self.height - 5, xlabel, "middle"))
        self.around.append(f'<g transform="translate(11 {(self.top + self.bottom) / 2:.0f}) rotate(-90)">')
        self.around.append(label(0, 0, ylabel, "middle") + "</g>")

    def _place(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return where the numbers lie in the drawing, in pixels."""
        return self._across(x), self._up(y)

    def _across(self, x: ArrayLike) -> NDArray[Any]:
        across = (np.asarray(x, dtype=float) - self.xlim[0]) / (self.xlim[1] - self.xlim[0])
        return self.left + across * (self.right - self.left)

    def _up(self, y: ArrayLike) -> NDArray[Any]:
        up: NDArray[Any] = np.asarray(y, dtype=float)
        if self.log:
            up = np.log10(np.maximum(up, 1e-300))
        up = (up - self.ylim[0]) / (self.ylim[1] - self.ylim[0])
        return self.bottom - up * (self.bottom - self.top)

    def _frames(self, x: ArrayLike, y: ArrayLike) -> list[tuple[NDArray[Any], NDArray[Any]]]:
        """Return the places of the points, of the one picture or of each frame."""
        xs, ys = np.asarray(x), np.asarray(y)
        moving = max(xs.ndim, ys.ndim) == 2  # noqa: PLR2004  frames by points
        shape = (self.explorer.frames, ys.shape[-1]) if moving else ys.shape
        for name, values in (("x", xs), ("y", ys)):
            if values.shape not in (shape, shape[-1:]):
                raise ValueError(f"{name}: expected shape {shape} or {shape[-1:]}, got {values.shape}")
        if not moving:
            return [self._place(xs, ys)]
        return [self._place(*pair) for pair in zip(np.broadcast_to(xs, shape), np.broadcast_to(ys, shape), strict=True)]

    def _draw(self, tag: str, attribute: str, values: list[str], rest: str) -> None:
        """Add an element whose one attribute is given, or given for each frame."""
        varying = f'id="{self.explorer.varying(attribute, values)}" ' if len(values) > 1 else ""
        now = values[self.explorer.start_frame] if varying else values[0]
        self.inside.append(f'<{tag} {varying}{attribute}="{now}" {rest}/>')

    def curve(self, x: ArrayLike, y: ArrayLike, colour: str = "blue", *, dash: str = "", width: float = 2) -> None:
        """Draw a line through points: (points,) for one picture, (frames, points) for one a frame."""
        paths = [path(*places) for places in self._frames(x, y)]
        dashes = f'stroke-dasharray="{dash}" ' if dash else ""
        self._draw("path", "d", paths, f'{dashes}stroke-width="{width}" {paint(colour, "stroke")}')

    def area(self, x: ArrayLike, y: ArrayLike, colour: str = "blue") -> None:
        """Fill the polygon of the points, and draw its border; shapes as for `curve`."""
        paths = [path(*places) + "Z" for places in self._frames(x, y)]
        style = f"fill:var(--{colour},{COLOURS[colour]});fill-opacity:0.25;stroke:var(--{colour},{COLOURS[colour]})"
        self._draw("path", "d", paths, f'stroke-width="2" stroke-linejoin="round" style="{style}"')

    def points(self, x: ArrayLike, y: ArrayLike, colour: str = "ink", radius: float = 4) -> None:
        """Draw a dot at each point; shapes as for `curve`."""
        arc = f"a{radius} {radius} 0 1 0"
        dot = f"m-{radius} 0{arc} {2 * radius} 0{arc} -{2 * radius} 0"
        dots = [
            "".join(f"M{a:.1f} {b:.1f}{dot}" for a, b in zip(*places, strict=True)) for places in self._frames(x, y)
        ]
        self._draw("path", "d", dots, paint(colour, "fill"))

    def text(self, x: float, y: float, words: str | Sequence[str], colour: str = "ink", anchor: str = "start") -> None:
        """Write words at a point: one string, or one for each frame."""
        (a,), (b,) = self._place([x], [y])
        varying = "" if isinstance(words, str) else self.explorer.varying("text", words)
        now = words if isinstance(words, str) else words[self.explorer.start_frame]
        self.inside.append(label(float(a), float(b), now, anchor, colour=colour, element_id=varying))

    def cells(self, states: ArrayLike, names: Sequence[str], *, pick: bool = False, gap: float = 0.06) -> None:
        """Draw a grid of unit squares, each of a CSS class: `states` (frames, columns, rows) number the `names`.

        If `pick`, the first two sliders go to a cell's column and row when it is clicked.
        """
        numbers = np.asarray(states, dtype=int)
        if numbers.ndim != 3 or len(numbers) != self.explorer.frames:  # noqa: PLR2004  frames, columns, rows
            raise ValueError(f"states: expected shape ({self.explorer.frames}, columns, rows), got {numbers.shape}")
        flat = ["".join(map(str, frame.ravel())) for frame in numbers]
        group = self.explorer.varying("cells", flat, names=list(names))
        squares = []
        for (i, j), state in np.ndenumerate(numbers[self.explorer.start_frame]):
            (x, east), (y, south) = self._place([i + gap, i + 1 - gap], [j + gap, j + 1 - gap])
            at = f' data-at="{i},{j}"' if pick else ""
            squares.append(
                f'<rect class="{names[state]}" x="{x:.1f}" y="{min(y, south):.1f}" width="{east - x:.1f}" '
                f'height="{abs(south - y):.1f}"{at}/>'
            )
        self.inside.append(f'<g id="{group}">{"".join(squares)}</g>')

    def svg(self) -> str:
        """Return the drawing as it stands at the sliders' start."""
        width, height = self.right - self.left, self.bottom - self.top
        return (
            f'<svg viewBox="0 0 {self.width} {self.height}" style="--panel-width:{self.width}px" aria-hidden="true">'
            f"{''.join(self.around)}"
            f'<svg x="{self.left}" y="{self.top}" width="{width}" height="{height}" '
            f'viewBox="{self.left} {self.top} {width} {height}">{"".join(self.inside)}</svg></svg>'
        )


def path(x: NDArray[Any], y: NDArray[Any]) -> str:
    """Return the line through the points, as SVG writes it, without points that fall on the one before.

    >>> path(np.array([0, 1, 1.01]), np.array([2, 3, 3]))
    'M0.0 2.0L1.0 3.0'
    """
    points = [f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True)]
    return "M" + "L".join(point for point, _ in groupby(points))


def paint(colour: str, part: str) -> str:
    """Return the attribute that paints a part, "stroke" or "fill", in a colour that the page may change.

    >>> paint("blue", "fill")
    'style="fill:var(--blue,#0072b2)"'
    """
    if colour not in COLOURS:
        raise ValueError(f"colour: expected one of {list(COLOURS)}, got {colour!r}")
    fill = "" if part == "fill" else "fill:none;"
    return f'style="{fill}{part}:var(--{colour},{COLOURS[colour]})"'


def label(x: float, y: float, words: str, anchor: str, *, colour: str = "ink", element_id: str = "") -> str:
    """Return words in the drawing, nothing for no words.

    >>> label(1, 2, "", "middle")
    ''
    """
    if not words and not element_id:
        return ""
    name = f'id="{element_id}" ' if element_id else ""
    return f'<text {name}x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {paint(colour, "fill")}>{escape(words)}</text>'


def tick(value: float, *, power: bool = False) -> str:
    """Return a tick's label, a power of ten where the axis is logarithmic.

    >>> tick(-0.5), tick(1e-9, power=True)
    ('−0.5', '10⁻⁹')
    """
    if power:
        return "10" + f"{round(log10(value))}".translate(_SUPERSCRIPTS)
    return f"{value:g}".replace("-", "−")
