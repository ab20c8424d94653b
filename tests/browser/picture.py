"""Take the README's pictures of the site's first screen, light and dark, into .github/: `make picture`.

The fonts are those that come with Matplotlib and with the site, so that every machine takes the same pictures. Each
carries a digest of the page's words, which tells that one has changed where the pixels hardly do.
"""

import base64
import hashlib
import io
from pathlib import Path

from matplotlib import get_data_path
from PIL import Image
from PIL.ExifTags import Base as Tag

from browsing import ROOT, chromium, served

SCHEMES = ("light", "dark")
SIZE = {"width": 1200, "height": 900}
"""The window: narrow enough for its text to be read where GitHub shows it 830 pixels wide."""

MATHEMATICS = (
    '@font-face { font-family: "STIX Two Math"; src: url("_static/stix-two-math.woff2"); font-display: block; }'
)
USED = 'body { --font-stack: "Known Sans" !important; --font-stack--monospace: "Known Mono" !important; }'


def file_of(scheme):
    """Return where the picture in these colours is kept."""
    return ROOT / ".github" / f"first-screen-{scheme}.webp"


def fonts():
    """Return the style that puts fonts of known files in the place of the machine's."""
    styles = {"normal 400": "", "normal 700": "-Bold", "italic 400": "-Oblique"}
    faces = [
        face(f"Known {family}", shape, Path(get_data_path(), "fonts", "ttf", f"DejaVuSans{kind}{style}.ttf"))
        for family, kind in (("Sans", ""), ("Mono", "Mono"))
        for shape, style in styles.items()
    ]
    return "\n".join([MATHEMATICS, *faces, USED])


def face(family, shape, path):
    """Return the rule for one font, which carries its file."""
    style, weight = shape.split()
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    source = f"font-style: {style}; font-weight: {weight}; src: url(data:font/ttf;base64,{data})"
    return f'@font-face {{ font-family: "{family}"; {source}; }}'


def first_screen(browser, address, scheme, name="index"):
    """Return a picture of a page's first screen, with a digest of the page's words as its description."""
    context = browser.new_context(viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}/{name}.html")
    page.add_style_tag(content=fonts())
    page.evaluate("document.body.offsetHeight && document.fonts.ready")  # fonts are fetched when text is laid out
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    words = " ".join(page.inner_text("body").split())
    picture.getexif()[Tag.ImageDescription] = hashlib.sha256(words.encode()).hexdigest()
    context.close()
    return picture


def main():
    """Take both pictures."""
    with served() as address, chromium() as browser:
        for scheme in SCHEMES:
            taken = first_screen(browser, address, scheme)
            taken.save(file_of(scheme), lossless=True, method=6, exif=taken.getexif())


if __name__ == "__main__":
    main()
