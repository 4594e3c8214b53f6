"""YAML as it is written: what each value says, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, ScalarNode

from audit.suggest.changes import NotEditableError


@dataclass(frozen=True)
class Mark:
    """A place in the text: characters from its beginning, line and column, all from 0 on."""

    index: int
    line: int
    column: int


@dataclass(frozen=True)
class Node:
    """A value as it is written."""

    begin: Mark
    end: Mark
    text: str | None
    """Of a scalar."""
    quote: str
    entries: "Sequence[tuple[Node, Node]] | None"
    """Of a map."""
    is_block: bool
    """Whether it is a map or a list with a line for each entry."""
    has_anchor: bool

    @classmethod
    def of(cls, node: Any) -> Self:
        is_map, is_scalar, is_many = (
            isinstance(node, kind) for kind in (MappingNode, ScalarNode, CollectionNode)
        )
        begin, end = (Mark(mark.index, mark.line, mark.column) for mark in (node.start_mark, node.end_mark))
        return cls(
            begin,
            end,
            str(node.value) if is_scalar else None,
            node.style if is_scalar and node.style in ('"', "'") else "",
            [(cls.of(key), cls.of(value)) for key, value in node.value] if is_map else None,
            is_many and not node.flow_style,
            bool(node.anchor),
        )


def written(text: str) -> Node | None:
    """The document as it is written; None of an empty one. Raises NotEditableError."""
    root = _read(text, compose=True)
    return None if root is None else Node.of(root)


def said(text: str) -> Any:
    """What the document says. Raises NotEditableError."""
    return _read(text)


def _read(text: str, *, compose: bool = False) -> Any:
    reader: Any = YAML(typ="safe", pure=True)
    try:
        return reader.compose(text) if compose else reader.load(text)
    except YAMLError as error:
        raise NotEditableError("is no YAML that can be read") from error
