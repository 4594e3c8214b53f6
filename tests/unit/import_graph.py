"""Which file of a package imports which, read from the source: nothing is run, nothing is overlooked."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path


@cache
def imports_of(root: Path, package: str) -> dict[str, set[str]]:
    """Each module of the package, and those of its modules that it imports anywhere: at the top, in a
    function, or only for the type checker."""
    files = {_module(root, file): file for file in (root / package).rglob("*.py")}
    graph: dict[str, set[str]] = {}
    for module, file in files.items():
        at = module if file.name == "__init__.py" else module.rpartition(".")[0]
        graph[module] = {name for name in _imported(file, at, files) if name in files and name != module}
    return graph


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The strongly connected components of more than one node: in each, every node reaches every other."""
    reached = {node: _reached(graph, node) for node in graph}
    found = {tuple(sorted(m for m in reached[n] if n in reached[m])) for n in graph}
    return sorted(list(circle) for circle in found if len(circle) > 1)


def _reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for node in graph.get(waiting.pop(), set[str]()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


def _imported(file: Path, at: str, files: Mapping[str, Path]) -> Iterator[str]:
    for node in import_statements(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            above = at.split(".")[: len(at.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f"{base}.{alias.name}" if f"{base}.{alias.name}" in files else base


@cache
def import_statements(file: Path) -> Sequence[ast.Import | ast.ImportFrom]:
    """All of a file and of its stub, wherever they stand: what a stub names may be imported in time."""
    texts = [one.read_text(encoding="utf-8") for one in (file, file.with_suffix(".pyi")) if one.exists()]
    statements = [each for text in texts for each in _statements(ast.parse(text))]
    return [one for one in statements if isinstance(one, ast.Import | ast.ImportFrom)]


def _statements(block: ast.AST) -> Iterator[ast.AST]:
    """What is in a block, and in the blocks in it; no expression, of which there are far more."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(block, field, ()):
            yield inner
            yield from _statements(inner)


def _module(root: Path, file: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
