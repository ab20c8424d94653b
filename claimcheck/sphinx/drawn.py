"""Mends to MathML where browsers draw it differently, or not as a book does.

A bar over a letter is a line that is put where the font says, so that it stands alike everywhere; the accent itself
stays for those who are read to, and the style sheet does not show it. A superscript stands as high over a letter with
an accent as over the letter alone.
"""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from claimcheck.sphinx.font import ITALICS, Letter, letter

BAR = "¯"
BAR_LENGTH = 400
BAR_THICKNESS = 55
ACCENT_FOOT = 555
"""How high a bar begins over the foot of a letter as high as an x; it and the others are in thousandths."""

HEIGHT_OF_X = 480
"""The height for which the font's accents are drawn."""

LINES = {"̲": "lined", "‾": "lined", "̅": "lined"}
ACCENTS = {"ˆ", "˜", "˙", "¨", "ˇ", "´", "`", "˘", "˚"}
"""Accents of a width of their own, which browsers put lower or higher."""


def mend(tree: ET.Element) -> None:
    """Mend a formula."""
    for element in [*tree.iter("mover"), *tree.iter("munder")]:
        mend_accent(element)
    for cell in tree.iter("mtd"):
        space_sign(cell)
    for box in list(tree.iter("menclose")):
        box.tag, box.attrib = "mrow", {"class": "boxed"}
    for script in [*tree.iter("msup"), *tree.iter("msubsup")]:
        level(script)


def space_sign(cell: ET.Element) -> None:
    """Set a sign at the beginning of the right side of an alignment between what it adds, as TeX does."""
    right_side = cell.get("style", "").startswith("text-align: left") and "padding-left: 0" in cell.get("style", "")
    if right_side and len(cell) and cell[0].tag == "mo" and cell[0].text in {"+", "−", "±", "∓", "·", "×"}:
        cell[0].set("form", "infix")


def mend_accent(accent: ET.Element) -> None:
    """Mend an accent over one letter, and a line over or under anything."""
    below, mark = accent
    sign, measured = (mark.text or "").strip(), measure(below)
    if sign in LINES:
        line(accent)
    elif measured and sign == BAR:
        bar(accent, measured)
    elif measured and sign in ACCENTS:
        place(accent, measured)


def character(element: ET.Element) -> str:
    """Return the character that a browser shows for an element, or nothing if there are others, or none."""
    text = (element.text or "").strip()
    if element.tag not in {"mi", "mn"} or len(element) or len(text) != 1:
        return ""
    return text if element.get("mathvariant") == "normal" else ITALICS.get(text, text)


def core(element: ET.Element) -> ET.Element:
    """Return what alone stands in a row, besides the empty space that math-core puts before upright letters."""
    shown = [child for child in element if child.tag != "mspace" or child.attrib]
    return core(shown[0]) if element.tag == "mrow" and len(shown) == 1 else element


def measure(element: ET.Element) -> Letter | None:
    """Return what a letter measures below an accent, which takes its dot away; None for what is not one letter."""
    shown = character(core(element))
    if shown in {"𝑖", "𝑗"}:
        core(element).set("class", "dotless")
    return letter(shown, dotless=shown in {"𝑖", "𝑗"}) if shown else None


def em(thousandths: float) -> str:
    """Return a length.

    >>> em(836), em(-40), em(0)
    ('.836em', '-.04em', '0')
    """
    number = f"{thousandths / 1000:.3f}".rstrip("0").rstrip(".").replace("0.", ".", 1)
    return f"{number}em" if number not in {"0", "-0"} else "0"


def bar(accent: ET.Element, measured: Letter) -> None:
    """Draw a bar as a line over the letter."""
    raised = max(0, measured.height - HEIGHT_OF_X)
    size = {"width": "0", "height": em(ACCENT_FOOT + BAR_THICKNESS + raised), "depth": "0"}
    place_of_line = {"lspace": em(max(0, measured.centre - BAR_LENGTH / 2)), "voffset": em(ACCENT_FOOT + raised)}
    row, drawn = ET.Element("mrow"), ET.Element("mpadded", size | place_of_line)
    ET.SubElement(drawn, "mspace", {"width": em(BAR_LENGTH)})
    row.extend([drawn, accent[0]])
    accent[0] = row
    accent.set("class", "bar")


def line(accent: ET.Element) -> None:
    """Draw a line over or under what may be long as the edge of a box."""
    below = accent[0]
    row = ET.Element("mrow", {"class": "lined" if accent.tag == "mover" else "underlined"})
    row.append(below)
    accent[0] = row
    accent.set("class", "bar")


def place(accent: ET.Element, measured: Letter) -> None:
    """Put an accent where the font says."""
    mark = accent[1]
    own = letter((mark.text or "").strip())
    if own is None:
        return
    back = measured.centre - measured.width / 2 - own.width / 2
    mark.attrib |= {"lspace": "0", "rspace": "0", "style": f"margin-inline-start:{em(back)}"}
    size = {"width": ".01em", "height": em(own.height - HEIGHT_OF_X), "depth": "0", "voffset": em(-HEIGHT_OF_X)}
    padded = ET.Element("mpadded", size)
    padded.append(mark)
    accent[1] = padded


def level(script: ET.Element) -> None:
    """Have a superscript stand as high over a letter with an accent as over the letter alone."""
    accent = script[0]
    letters = list(letters_below(accent))
    if accent.tag == "mover" and accent.get("accent") == "true" and len(letters) == 1:
        measured = letter(character(letters[0]))
        if measured:
            padded = ET.Element("mpadded", {"height": em(measured.height)})
            padded.append(accent)
            script[0] = padded


def letters_below(accent: ET.Element) -> Iterator[ET.Element]:
    """Yield the letter under one accent or several, if it is just one."""
    if accent.tag == "mover" and accent.get("accent") == "true":
        below = accent[0]
        drawn = below.tag == "mrow" and accent.get("class") == "bar"
        yield from letters_below(below[-1] if drawn and (below[0].tag == "mpadded" or len(below) == 1) else below)
    elif character(core(accent)):
        yield core(accent)
