"""The lines of code that a guide prints, for a test to run as they are printed."""

import re

from toolchain.paths import ROOT


def printed(page: str, beginning: str) -> str:
    """The one block of code of a page in `docs/guides/` that begins so."""
    text = (ROOT / "docs" / "guides" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (found,) = [one for one in blocks if one.startswith(beginning)]
    return found
