"""`make bench`: what our components cost beside the same resources written out, in one run.

Times differ from machine to machine; the ratios are what counts. `--write` puts the tables into
docs/performance.md, `--only` measures one of them anew, `--quick` leaves the large counts out.
"""

import argparse
import os
from collections.abc import Iterable, Mapping
from typing import Final

from benchmarks.sections import SECTIONS, Row
from toolchain.paths import ROOT

PAGE: Final = ROOT / "docs" / "performance.md"
KEPT: Final = "## The tests"
"""A section that is written by hand, from what a run of the tests prints."""
HEAD: Final = f"""# Performance

Written by `make bench`, each table in one run on a machine of {os.cpu_count()} cores; the ratios are what
counts.
"""


def table(columns: Row, rows: Iterable[Row]) -> str:
    """A Markdown table."""
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def page(tables: Mapping[str, str]) -> str:
    """The whole page, of the tables by their titles."""
    parts = [
        f"## {one.title}\n\n{one.note}\n\n{tables[one.title]}" for one in SECTIONS if one.title in tables
    ]
    return "\n".join([HEAD, *parts])


def tables_of(text: str) -> dict[str, str]:
    """The tables of a page by their titles."""
    parts = (part.partition("\n") for part in text.split("\n## ")[1:])
    return {title: rest[rest.index("\n|") + 1 :].rstrip() + "\n" for title, _, rest in parts}


def kept_of(text: str) -> str:
    """The end of a page, which is not measured here: what the tests take."""
    _, title, rest = text.partition(f"\n{KEPT}\n")
    return title + rest


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=[one.title for one in SECTIONS])
    given = parser.parse_args()
    before = PAGE.read_text() if PAGE.exists() else ""
    tables = tables_of(before) if given.only else {}
    for one in SECTIONS:
        if given.only in (None, one.title):
            tables[one.title] = table(one.columns, one.rows(given.quick))
            print(f"## {one.title}\n\n{tables[one.title]}", flush=True)
            if given.write:
                PAGE.write_text(page(tables) + kept_of(before))


if __name__ == "__main__":
    main()
