"""The options of a component. The engine applies some to the component alone, which has nothing to change."""

from typing import Final

import pulumi

from .errors import ConfigurationError, Problem
from .tags import keeping_tags

_OF_THE_COMPONENT_ALONE: Final = ("ignore_changes", "replace_on_changes", "delete_before_replace")
"""https://www.pulumi.com/docs/iac/concepts/resources/options/"""


def checked_options(
    component: str, name: str, opts: pulumi.ResourceOptions | None, foreign_tags: tuple[str, ...] = ()
) -> pulumi.ResourceOptions | None:
    """The options for the base class, under which children keep the tags that somebody else adds.

    Raises ConfigurationError for an option that would silently do nothing.
    """
    given = [option for option in _OF_THE_COMPONENT_ALONE if opts is not None and getattr(opts, option)]
    if given:
        raise ConfigurationError(f"{component} '{name}'", [_without_effect(option) for option in given])
    return keeping_tags(opts, foreign_tags)


def _without_effect(option: str) -> Problem:
    step = "take it out, and set it on the resource that is meant with a transform"
    if option == "ignore_changes":
        step += "; tags of others are named in tags_added_elsewhere"
    return Problem(option, "an option that reaches nothing the component makes", "one that does", step)
