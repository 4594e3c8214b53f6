"""Which values a program keeps secret: pulumi-policy takes the mark off before it asks a policy."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from access_report.resources import SECRET_KEY

Path = tuple[str | int, ...]
_IS_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
"""Beside SECRET_KEY, what a marked value is: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go"""


class Kept(str):
    """A text that the program keeps secret. It is the same text to whoever compares it."""

    __slots__ = ()


_noted: dict[str, frozenset[Path]] = {}


def note(urn: str, properties: Mapping[str, Any]) -> None:
    """What the engine says of a resource's properties, each as it is sent, with its mark."""
    _noted[urn] = frozenset(_marked(properties, ()))


def with_marks(urn: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a resource, every text that is kept as one that is `Kept`."""
    paths = _noted.get(urn)
    return _kept(values, (), paths, inside=False) if paths else dict(values)


def _marked(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, Mapping):
        given = cast(Mapping[str, Any], value)
        if given.get(SECRET_KEY) == _IS_SECRET:
            yield path
            return
        for key, inner in given.items():
            yield from _marked(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(cast(list[Any], value)):
            yield from _marked(inner, (*path, number))


def _kept(value: Any, path: Path, paths: frozenset[Path], *, inside: bool) -> Any:
    """`inside` is whether a whole is kept that the value lies in."""
    inside = inside or path in paths
    if isinstance(value, Mapping):
        given = cast(Mapping[str, Any], value)
        return {key: _kept(inner, (*path, key), paths, inside=inside) for key, inner in given.items()}
    if isinstance(value, list):
        items = enumerate(cast(list[Any], value))
        return [_kept(inner, (*path, number), paths, inside=inside) for number, inner in items]
    return Kept(value) if inside and isinstance(value, str) else value
