"""The start of a site for another course: a few files, of which each may be changed or thrown away."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def write(folder: Path) -> list[Path]:
    """Write the starter's files into a folder; return them.

    Raises
    ------
    ValueError
        If one of them is there already: nothing is written then.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write(Path(folder)) if path.suffix == ".toml"]
    ['claims.toml', 'faults.toml']
    """
    texts = {folder / name: text for name, text in sorted(texts_in(files(__name__) / "site"))}
    if there := [str(path) for path in texts if path.exists()]:
        raise ValueError(f"folder: expected one without the starter's files, got {', '.join(there)}")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(texts)


def texts_in(folder: Traversable, within: str = "") -> list[tuple[str, str]]:
    """Return the names of the files in a folder, as seen from it, with their texts."""
    found: list[tuple[str, str]] = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            found += texts_in(entry, f"{within}{entry.name}/")
        elif entry.is_file():
            found.append((within + entry.name, entry.read_text(encoding="utf-8")))
    return found
