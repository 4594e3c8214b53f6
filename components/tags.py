"""Tags on everything that is created, next to those that somebody else adds: Azure Policy, a billing tool."""

from collections.abc import Mapping
from typing import Any, Final, NotRequired, TypedDict, cast

import pulumi

from .arguments import Arguments
from .errors import ConfigurationError, Problem, Step, TakeOut
from .plain import is_plain
from .shown import described, entry

_KEY: Final = "tags_added_elsewhere"


class ForeignTagsArgs(TypedDict):
    """Tags that are not declared here, and shall stay."""

    tags_added_elsewhere: NotRequired[Mapping[str, str]]
    """Tags that others put on what is created, as tag name to who does, plain; left out, none stays."""


def read_tags(arguments: Arguments) -> Any:
    """The declared tags as given. What is no map of texts is refused: the SDK would repeat it."""
    value, component = arguments.raw("tags"), arguments.component

    def checked(known: object) -> object:
        if problems := _problems_with(known):
            raise ConfigurationError(component, problems)
        return known

    if value is not None and not is_plain(value):
        return pulumi.Output.from_input(value).apply(checked)
    arguments.problems += _problems_with(value)
    return value


def _problems_with(tags: object) -> list[Problem]:
    """Numbers and switches are let through: Azure takes them for texts."""
    if tags is None:
        return []
    if not isinstance(tags, Mapping):
        return [Problem("tags", described(tags), "a map of names to texts", "write tags as a map")]
    given = cast(Mapping[object, object], tags)
    step = "write the value as a text"
    return [
        Problem(entry("tags", name, given), described(value), "a text", step)
        for name, value in given.items()
        if is_plain(value) and not isinstance(value, str | int | float)
    ]


def read_foreign_tags(arguments: Arguments) -> tuple[str, ...]:
    """The names of the tags that somebody else owns. One that is declared here, too, is refused: its changes
    would silently be lost."""
    names = tuple(arguments.plain_map(_KEY, "names of tags to who adds them"))
    declared = arguments.raw("tags")
    if isinstance(declared, Mapping):
        tags = cast(Mapping[str, object], declared)
        own = {str(name).lower(): name for name in tags}
        for name in names:
            if name.lower() in own:  # Azure does not tell upper and lower case apart
                expected = "an owner for each tag: declared here, or elsewhere"
                both = (entry("tags", own[name.lower()], tags), entry(_KEY, name, names))
                steps = tuple(Step(f"take {one} out", (TakeOut(one),)) for one in both)
                arguments.refuse(" and ".join(both), "one tag twice", expected, steps)
    return names


def keeping_tags(
    opts: pulumi.ResourceOptions | None, names: tuple[str, ...]
) -> pulumi.ResourceOptions | None:
    """A component's options under which each of its children keeps those tags as a refresh finds them.

    Declared tags still change, which `ignore_changes` on all tags would prevent. Azure drops each tag that a
    write leaves out, and the engine knows what was added once it has refreshed: `pulumi up --refresh`.
    """
    if not names:
        return opts
    paths = [f'tags["{_escaped(name)}"]' for name in names]

    def keep(
        child: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        props = cast(Mapping[str, object], child.props)
        already = child.opts.ignore_changes or []
        if "tags" not in props or "tags" in already or child.opts.id is not None:
            return None
        tags = props["tags"]
        # A single tag can be kept only inside a map: without one the engine sees all of them removed.
        no_tags: dict[str, str] = {}
        known = {**props, "tags": no_tags if tags is None else tags}
        new = [path for path in paths if path not in already]
        merged = pulumi.ResourceOptions.merge(child.opts, pulumi.ResourceOptions(ignore_changes=new))
        return pulumi.ResourceTransformationResult(known, merged)

    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(transformations=[keep]))


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')
