"""The colours of figures, from one table: for the style sheet, for Matplotlib's curves, and for its drawings."""

from pathlib import Path

from claimcheck.explorer import COLOURS

ON_DARK = {
    "ink": "#cfd0d0",
    "blue": "#56b4e9",
    "orange": "#f0894b",
    "green": "#2fc79d",
    "purple": "#df9dc9",
    "grey": "#a0a0a0",
}
"""The colours of `claimcheck.explorer` by name, as on a dark page."""

CURVES = ["blue", "orange", "green", "purple"]
"""The colours that Matplotlib gives to curves, in turn."""


def variables(colours: dict[str, str]) -> str:
    """Return the colours as variables of CSS.

    >>> variables({"ink": "#000000"})
    '--ink:#000000'
    """
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


def style_sheet() -> str:
    """Return the style sheet that sets the variables: light, and dark where the reader or the system asks for it."""
    light, dark = variables(COLOURS), variables(ON_DARK)
    chosen, asked = f"body[data-theme=dark]{{{dark}}}", f"body:not([data-theme=light]){{{dark}}}"
    return f"body{{{light}}}\n@media not print{{{chosen}\n@media (prefers-color-scheme:dark){{{asked}}}}}\n"


def matplotlib_settings(style: Path) -> str:
    """Return the settings of a file, with the colours of the curves."""
    colours = ", ".join(f'"{COLOURS[name].lstrip("#")}"' for name in CURVES)
    return f'{style.read_text(encoding="utf-8")}axes.prop_cycle: cycler("color", [{colours}])\n'
