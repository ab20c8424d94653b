"""The code on the page about other libraries, in the order of the page."""

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "beyond-one-machine.md"
FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_the_code_of_the_page_runs():
    text, namespace = PAGE.read_text(encoding="utf-8"), {}
    fences = list(FENCE.finditer(text))
    assert len(fences) == 5
    for fence in fences:
        code = "\n" * (text.count("\n", 0, fence.start(1))) + fence[1]  # so that an error names the page's line
        exec(compile(code, PAGE, "exec"), namespace)  # noqa: S102  the code of our own page
