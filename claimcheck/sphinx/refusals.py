"""What this machinery warns of is refused at every build, whether or not Sphinx is told that warnings are errors.

Sphinx reads again only what changed, and so warns once of a page that stays as it is. A build that warned is
therefore forgotten: the next one reads every page, and warns again.
"""

from logging import WARNING, Handler, LogRecord, getLogger
from typing import Any

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx


class Refusals(Handler):
    """Counts the warnings of this machinery, those that are suppressed too."""

    def __init__(self) -> None:
        super().__init__(WARNING)
        self.count = 0

    def emit(self, record: LogRecord) -> None:
        """Count a warning."""
        self.count += record.name.startswith("sphinx.claimcheck.")


def refuse(app: Sphinx, error: Exception | None) -> None:
    """Fail if anything is refused, and forget a build that warned of whatever it was."""
    if app.refusals.count:  # type: ignore[attr-defined]
        app.statuscode = 1
    if error or app.refusals.count or app._warncount:  # type: ignore[attr-defined]  # noqa: SLF001  it tells nowhere else
        (app.doctreedir / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Count from now on, and register the refusing."""
    app.refusals = Refusals()  # type: ignore[attr-defined]
    getLogger("sphinx").addHandler(app.refusals)  # type: ignore[attr-defined]
    app.connect("build-finished", refuse)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
