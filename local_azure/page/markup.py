"""HTML from text that anybody may have written: everything that is shown goes through `text`."""

from collections.abc import Iterable, Sequence
from html import escape


def text(value: str) -> str:
    """Any text, as HTML shows it."""
    return escape(value)


def named(name: str, id: str) -> str:
    """A name, and the id that a pointer or a screen reader is told."""
    return f'<span title="{escape(id)}">{escape(name)}</span>'


def section(title: str, body: str, id: str) -> str:
    return f'<section id="{id}"><h2>{escape(title)}</h2>{body}</section>'


def table(columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A table that becomes a list of cards on a phone. A row is its class and its cells, in HTML."""
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(_row(columns, kind, cells) for kind, cells in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(columns: Sequence[str], kind: str, cells: Sequence[str]) -> str:
    shown = "".join(
        f'<td data-column="{escape(column)}">{cell}</td>' for column, cell in zip(columns, cells, strict=True)
    )
    return f'<tr class="{kind}">{shown}</tr>'
