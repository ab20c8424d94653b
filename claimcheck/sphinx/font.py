"""STIX Two Math: what its letters measure, and the part of it that a site ships.

The measures tell where a bar goes, as browsers disagree. Letters in scripts have forms of their own, which the font
gives to the script `math` alone; Chromium asks for it only where a symbol stretches. So what is shipped gives all
scripts these forms, and the style sheet asks for them. The font's licence allows it, and reserves no name.
"""

import re
from functools import cache
from html import unescape
from importlib.util import find_spec
from logging import WARNING, getLogger
from pathlib import Path
from typing import Any, NamedTuple

from sphinx.application import Sphinx

getLogger("fontTools").setLevel(WARNING)  # it tells every step

FONT_FILE = "stix-two-math.woff2"
FEATURES = ["ssty", "dtls"]
"""The forms that the style sheet asks for: of letters in scripts, and of those without a dot."""

FORMS = "math"
"""The script whose forms all others get."""

DROP = 386
"""How far below the top of its base a superscript may stand, in thousandths: as in TeX's own font, where it stands
alike over all letters. In STIX it is 230, so that it would be raised over a letter as tall as h."""

ITALICS = {chr(c): chr(0x1D44E + c - ord("a")) for c in range(ord("a"), ord("z") + 1)}
ITALICS |= {chr(c): chr(0x1D434 + c - ord("A")) for c in range(ord("A"), ord("Z") + 1)}
ITALICS |= {chr(c): chr(0x1D6FC + c - 0x3B1) for c in range(0x3B1, 0x3CA)} | {"h": "ℎ"}
"""The letters that browsers put for one that stands alone in a formula."""


class Letter(NamedTuple):
    """What a letter measures, in thousandths of its size: its width, its height, and where an accent is centred."""

    width: int
    height: int
    centre: int


def font_path() -> Path:
    """Return where the font is, in a package that carries it and takes time to import."""
    return Path(find_spec("ziamath").origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"  # type: ignore[arg-type, union-attr]


@cache
def whole_font() -> Any:
    """Return the font."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  most builds need not spend the time

    return TTFont(font_path(), lazy=True)


@cache
def letter(character: str, *, dotless: bool = False) -> Letter | None:
    """Return what a character measures, or what it does without its dot; None if the font has none."""
    font = whole_font()
    name = font.getBestCmap().get(ord(character))
    if name is None:
        return None
    name += ".dotless" if dotless else ""
    width = font["hmtx"][name][0]
    return Letter(width, getattr(font["glyf"][name], "yMax", 0), accent_centres().get(name, width // 2))


@cache
def accent_centres() -> dict[str, int]:
    """Return where the font centres an accent, by the name of the glyph below it."""
    table = whole_font()["MATH"].table.MathGlyphInfo.MathTopAccentAttachment
    return {
        name: place.Value for name, place in zip(table.TopAccentCoverage.glyphs, table.TopAccentAttachment, strict=True)
    }


def characters_in_formulas(pages: list[Path]) -> set[int]:
    """Return the code points that the pages' formulas use, with the italics that browsers put for them."""
    found: set[str] = set()
    for page in pages:
        for formula in re.findall(r"<math.*?</math>", page.read_text(encoding="utf-8"), re.DOTALL):
            shown = re.sub(r"<annotation.*?</annotation>|<[^>]*>", "", formula, flags=re.DOTALL)
            found |= set(unescape(shown)) | ({"√"} if re.search("<m(sqrt|root)", formula) else set())
    return set(map(ord, found | {ITALICS[c] for c in found if c in ITALICS}))


def write_font_after_pages(app: Sphinx, error: Exception | None) -> None:
    """Write the mathematics font beside the pages."""
    if not error and app.builder.format == "html":
        write_font(app.outdir, app.doctreedir)


def write_font(site: Path, doctrees: Path) -> None:
    """Write the subset of STIX Two Math for a site; nothing if there is no formula, or no new character."""
    characters = characters_in_formulas(sorted(site.rglob("*.*html")))
    if not characters:
        return
    needed = " ".join([*FEATURES, *map(str, [DROP, *sorted(characters)])])
    font, contents = site / "_static" / FONT_FILE, doctrees / "mathematics-font.txt"
    if not font.exists() or not contents.exists() or contents.read_text(encoding="ascii") != needed:
        cut_font(characters, font)
        contents.write_text(needed, encoding="ascii")


def cut_font(characters: set[int], path: Path) -> None:
    """Write the subset of STIX Two Math that has these characters."""
    from fontTools import subset  # noqa: PLC0415  half a second that most builds need not spend

    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False)
    with subset.load_font(str(font_path()), options) as font:
        give_all_scripts_the_forms_of_mathematics(font)
        font["MATH"].table.MathConstants.SuperscriptBaselineDropMax.Value = DROP
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=characters)
        cutter.subset(font)
        subset.save_font(font, str(path), options)


def give_all_scripts_the_forms_of_mathematics(font: Any) -> None:
    """Let letters in scripts, and those without a dot, be had whatever script a browser takes a letter to be of."""
    font["GSUB"].ensureDecompiled(recurse=True)  # what is read later would be as it was
    scripts = {record.ScriptTag: record.Script for record in font["GSUB"].table.ScriptList.ScriptRecord}
    forms = list(scripts[FORMS].DefaultLangSys.FeatureIndex)
    for script in scripts.values():
        for system in [script.DefaultLangSys, *(record.LangSys for record in script.LangSysRecord)]:
            system.FeatureIndex, system.FeatureCount = list(forms), len(forms)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the writing."""
    app.connect("build-finished", write_font_after_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
