"""What App Service refuses of a setting besides what every host does: the address of a package."""

from collections.abc import Sequence

from ...errors import Problem, Step, TakeOut
from ...links.link import Link, Variables
from ..given_settings import Rules
from ..given_settings import rules_of as rules_of_any_host
from ..identity_choice import IdentityChoices
from ..variables import Platform
from .settings import RUN_FROM_PACKAGE


def rules_of(
    platform: Platform,
    identity: IdentityChoices,
    links: Sequence[Link],
    own: Sequence[Variables],
    *,
    has_package_url: bool,
) -> Rules:
    """`links` are those that the caller named, `own` what else the component tells code."""

    def judge(name: str, subject: str, value: str) -> Sequence[Problem]:
        if name.upper() != RUN_FROM_PACKAGE or "://" not in value:
            return []
        given_by = "give package_url, without a signature" if has_package_url else "publish the code"
        step = Step(f"take it out, and {given_by}", (TakeOut(subject),))
        return [Problem(subject, "an address", "1, or nothing", step)]

    return rules_of_any_host(platform, identity, links, own, judge=judge)
