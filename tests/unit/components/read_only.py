"""Values that many tests are handed and none may change."""

from typing import Any, NoReturn, cast


class ReadOnlyError(TypeError):
    """A test changed what others read."""


def _refuse(self: object, *_: Any, **__: Any) -> NoReturn:
    raise ReadOnlyError(
        "A recorded deployment is shared by all tests that ask for the same one: copy what is to be changed, "
        f"such as with {'{**it}' if isinstance(self, dict) else '[*it]'}"
    )


class ReadOnlyDict(dict[str, Any]):
    """A dict to whatever reads it. A copy of it can be changed, down to what is in it."""

    __setitem__ = __delitem__ = __ior__ = _refuse  # pyright: ignore
    clear = pop = popitem = setdefault = update = _refuse  # pyright: ignore

    def copy(self) -> dict[str, Any]:
        return dict(self)

    def __deepcopy__(self, _: Any) -> dict[str, Any]:
        return changeable(self)


class ReadOnlyList(list[Any]):
    """A list to whatever reads it."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse  # pyright: ignore
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse  # pyright: ignore

    def __deepcopy__(self, _: Any) -> list[Any]:
        return changeable(self)


def read_only(value: Any) -> Any:
    """The same value, with every dict and list in it closed to changes."""
    if isinstance(value, dict):
        items = cast(dict[str, Any], value).items()
        return ReadOnlyDict({key: read_only(item) for key, item in items})
    if isinstance(value, list):
        return ReadOnlyList(read_only(item) for item in cast(list[Any], value))
    return value


def changeable(value: Any) -> Any:
    """The same value, with dicts and lists of its own."""
    if isinstance(value, dict):
        return {key: changeable(item) for key, item in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [changeable(item) for item in cast(list[Any], value)]
    return value
