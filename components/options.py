"""The options of a component. The engine applies some to the component alone, which has nothing to change."""

from collections.abc import Mapping
from typing import Final

import pulumi

from .errors import ConfigurationError, Problem
from .tags import keeping_tags

_ON_A_RESOURCE: Final = "take it out, and set it on the resource that is meant with a transform"
OF_THE_COMPONENT_ALONE: Final[Mapping[str, str]] = {
    "additional_secret_outputs": "take it out, and hand on what shall be secret as pulumi.Output.secret(...)",
    "delete_before_replace": _ON_A_RESOURCE,
    "ignore_changes": f"{_ON_A_RESOURCE}; tags of others are named in tags_added_elsewhere",
    "import_": _ON_A_RESOURCE,
    "replace_on_changes": _ON_A_RESOURCE,
}
"""Options that would silently do nothing, to what to do instead.
https://www.pulumi.com/docs/iac/concepts/resources/options/"""


def checked_options(
    component: str, name: str, opts: pulumi.ResourceOptions | None, foreign_tags: tuple[str, ...] = ()
) -> pulumi.ResourceOptions | None:
    """The options for the base class, under which children keep the tags that somebody else adds.

    Raises ConfigurationError for an option that would silently do nothing.
    """
    given, expected = "an option that reaches nothing the component makes", "one that does"
    problems = [
        Problem(option, given, expected, instead)
        for option, instead in OF_THE_COMPONENT_ALONE.items()
        if opts is not None and getattr(opts, option)
    ]
    if problems:
        raise ConfigurationError(f"{component} '{name}'", problems)
    return keeping_tags(opts, foreign_tags)
