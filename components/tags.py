"""Tags on everything that is created, next to those that somebody else adds: Azure Policy, a billing tool."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NotRequired, TypedDict, cast

import pulumi

from .arguments import Arguments
from .as_given import read_as_given
from .azure_facts.tag_limits import LONGEST_NAME, LONGEST_VALUE, MOST, REFUSED_IN_NAMES, RESERVED
from .errors import Give, Problem, Step, TakeOut
from .plain import is_plain
from .shown import described, entry

_KEY: Final = "tags_added_elsewhere"
_TAGS_OF_THEIR_OWN: Final = (
    "azure-native:appconfiguration:KeyValue",
    "azure-native:operationalinsights:SavedSearch",
)
"""Their tags are no resource's: code and people look settings and searches up by them."""
_ALLOWED: Final = f"[^{re.escape(REFUSED_IN_NAMES)}]*"
_NAME: Final = (
    f"a name of 1 to {LONGEST_NAME} characters without {' '.join(REFUSED_IN_NAMES)} that does not begin as "
    "Azure's own"
)


class ForeignTagsArgs(TypedDict):
    """Tags that are not declared here, and shall stay."""

    tags_added_elsewhere: NotRequired[Mapping[str, str]]
    """Tags that others put on what is created, as tag name to who does, plain; left out, none stays."""


def read_tags(arguments: Arguments) -> Any:
    """The declared tags as given. What is no map of texts, or no tags for Azure, is refused."""
    return read_as_given(arguments, "tags", _problems_with)


def _problems_with(tags: object) -> list[Problem]:
    if tags is None:
        return []
    if not isinstance(tags, Mapping):
        return [Problem("tags", described(tags), "a map of names to texts", "write tags as a map")]
    given = cast(Mapping[object, object], tags)
    problems: list[Problem] = []
    if len(given) > MOST:
        fewer = Step("take one out", (TakeOut("tags[<name>]"),))
        problems.append(Problem("tags", f"{len(given)} tags", f"at most {MOST} tags", fewer))
    seen: set[str] = set()
    for name, value in given.items():
        called = entry("tags", name, given)
        problems += _with_name(called, str(name), seen)
        problems += _with_value(called, value) if is_plain(value) else []
        seen.add(str(name).lower())
    return problems


def _with_name(called: str, name: str, earlier: Collection[str]) -> Iterator[Problem]:
    said, out = described(name, _ALLOWED, "name"), Step("take it out", (TakeOut(called),))
    is_right = re.fullmatch(_ALLOWED, name) is not None and 1 <= len(name) <= LONGEST_NAME
    if not is_right or name.lower().startswith(RESERVED):
        yield Problem(called, said, _NAME, out)
    if name.lower() in earlier:
        yield Problem(called, said, "a name that differs in more than upper and lower case", out)


def _with_value(called: str, value: object) -> Iterator[Problem]:
    if not isinstance(value, str):
        step = Step("write the value as a text", (Give(called),))
        yield Problem(called, described(value), "a text", step)
    elif len(value) > LONGEST_VALUE:
        step = Step("write a shorter one", (Give(called),))
        yield Problem(called, f"{len(value)} characters", f"at most {LONGEST_VALUE} characters", step)


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
        if child.type_ in _TAGS_OF_THEIR_OWN:
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
