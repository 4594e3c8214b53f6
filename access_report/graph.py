"""Who reaches what, as a Mermaid graph."""

from typing import Final

from access_report.comparison import Change
from access_report.report import Report
from access_report.safety import visible

MOST: Final = 60
"""Grants in a graph; more cannot be read."""
_ARROWS: Final = {Change.REMOVED: "-.->", Change.ADDED: "==>", Change.WIDENED: "==>"}


def mermaid(report: Report) -> str:
    """Thick arrows are new or wider, dotted ones go away. Empty for nothing, and for too much to read."""
    if not 0 < len(report.grants) <= MOST:
        return ""
    nodes: dict[str, str] = {}
    arrows: list[str] = []
    for changed in report.grants:
        grant = changed.grant
        who = _node(nodes, grant.who.key, str(grant.who))
        where = _node(nodes, grant.where.key, str(grant.where))
        arrows.append(f'  {who} {_ARROWS.get(changed.change, "-->")}|"{_text(str(grant.granted))}"| {where}')
    names = [line for _, line in sorted((_number(line), line) for line in nodes.values())]
    return "\n".join(["```mermaid", "flowchart LR", *names, *arrows, "```"])


def _node(nodes: dict[str, str], key: str, label: str) -> str:
    if key not in nodes:
        nodes[key] = f'  n{len(nodes)}["{_text(label)}"]'
    return nodes[key].strip().partition("[")[0]


def _number(line: str) -> int:
    return int(line.strip().partition("[")[0][1:])


def _text(text: str) -> str:
    """Mermaid's own entities for all but letters and digits, so that no name ends a label or the block."""
    return "".join(c if c.isalnum() or c in " -" else f"#{ord(c)};" for c in visible(text))
