"""The rules in words: `python -m policy.document` writes them into docs/policy.md, and a test compares."""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from policy.rule import ResourceRule, Rule
from policy.rules import RULES

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "policy.md"
_BEGIN: Final = "<!-- rules: written by `python -m policy.document` -->\n"
_END: Final = "<!-- end of rules -->\n"


def in_words(rules: Iterable[Rule] = RULES) -> str:
    return "\n".join(_wrapped(line) for rule in rules for line in _lines(rule))


def _wrapped(line: str) -> str:
    """Lines of at most 120 characters, as everywhere in the documentation."""
    text = line.rstrip("\n")
    filler = textwrap.TextWrapper(120, break_long_words=False, break_on_hyphens=False)
    filler.subsequent_indent = "  " if text.startswith("- ") else ""
    return filler.fill(text) + "\n" * (len(line) - len(text))


def _lines(rule: Rule) -> Iterator[str]:
    judged = "before it is written" if isinstance(rule, ResourceRule) else "with the whole stack"
    yield f"### {rule.id}\n"
    yield f"{rule.what} *{rule.level.value.capitalize()}; judged {judged}.*\n"
    yield f"- Why: {rule.why} [Source]({rule.source})"
    yield f"- Next: {rule.step}"
    for name, option in rule.options.items():
        yield f"- Option `{name}`: {option.schema['description']} Left out, `{option.default}`."
    yield ""


def written_into(page: str) -> str:
    """The page with the rules of today."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{in_words()}\n{_END}{after}"


if __name__ == "__main__":
    PAGE.write_text(written_into(PAGE.read_text()))
