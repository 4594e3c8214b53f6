"""What is in the state of a stack, as `pulumi stack export` prints it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from readiness.reports import NotReachableError

_SITE: Final = re.compile(r"azure-native:web(/v[0-9a-z]+)?:WebApp(Slot)?")


def resources_of(state: str) -> Iterator[Mapping[str, Any]]:
    """Without those that are still to be deleted. Raises NotReachableError for what is no state."""
    try:
        resources = cast(list[dict[str, Any]], json.loads(state)["deployment"].get("resources") or [])
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotReachableError("expected the state that `pulumi stack export` prints") from error
    return (one for one in resources if not one.get("delete"))


def has_site(state: str) -> bool:
    """Whether the stack has an app of App Service or a slot of its own. Raises NotReachableError."""
    own = (one for one in resources_of(state) if not one.get("external"))
    return any(_SITE.fullmatch(str(one.get("type"))) for one in own)
