"""What an app and its slots have in common, read and checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...arguments import Arguments
from ...links import read_links
from ...links.key_vault import VaultLink
from ...links.link import Link
from ...placement import Placement
from ...tags import read_foreign_tags
from ..declare import LateGrant, check_grants, check_late_grant, known_at_first
from ..given_settings import GivenSettings, read_settings
from ..identity_choice import IdentityChoices, read_identity
from ..observability import ObservabilityChoices, read_observability
from .given_sign_in import read_sign_in
from .network import NetworkChoices, read_network
from .package import PackageLink, read_package
from .plan import OperatingSystem
from .runtime import RuntimeChoices, read_runtime
from .setting_rules import rules_of
from .settings import platform_of
from .sign_in import SignIn
from .site_security import SiteSecurity, read_site_security
from .slots import tied_settings

LATE_GRANT: Final = LateGrant.RESOLVES_LATER
"""A reference whose grant lands later fails silently, and is tried again up to a day later, on a refresh, or
when settings are written. https://learn.microsoft.com/azure/app-service/app-service-key-vault-references"""


@dataclass(frozen=True)
class SiteChoices:
    """What an app and its slots have in common, read and checked. `component` is what messages call it."""

    component: str
    runtime: RuntimeChoices
    package: PackageLink
    identity: IdentityChoices
    vault: VaultLink
    links: Sequence[Link]
    settings: GivenSettings
    network: NetworkChoices
    security: SiteSecurity
    sign_in: SignIn
    observability: ObservabilityChoices
    foreign_tags: tuple[str, ...]
    place: Placement

    @property
    def reaches(self) -> Sequence[Link]:
        """What the site reaches with its identity and what is there before it."""
        return (self.vault, *self.links, self.runtime, self.package, self.sign_in)

    def known(self) -> dict[str, Any]:
        """What a preview can say of the site before anything else is known: the component's own inputs."""
        return known_at_first(self.identity, self.reaches)


def read_site(
    arguments: Arguments,
    os: OperatingSystem,
    place: Placement,
    *,
    size: str | None = None,
    vault_follows: bool = False,
) -> tuple[SiteChoices, list[str]]:
    """A site, and its settings that a swap of slots leaves where they are. `size` is that of its own plan."""
    identity = read_identity(arguments)
    runtime = read_runtime(arguments, os, identity.kind)
    vault, links = read_links(arguments, identity.kind, vault_follows=vault_follows)
    observability = read_observability(arguments, identity.kind)
    package = read_package(arguments, identity.kind, runtime)
    sign_in = read_sign_in(arguments, identity.kind)
    own = [runtime.variables, package.variables, sign_in.variables, observability.variables]
    platform = platform_of(runtime.os, pulls_images=True)
    rules = rules_of(platform, identity, [vault, *links], own, has_package_url=True)
    site = SiteChoices(
        component=arguments.component,
        runtime=runtime,
        package=package,
        identity=identity,
        vault=vault,
        links=links,
        settings=read_settings(arguments, rules),
        network=read_network(arguments),
        security=read_site_security(arguments, os, size),
        sign_in=sign_in,
        observability=observability,
        foreign_tags=read_foreign_tags(arguments),
        place=place,
    )
    check_late_grant(arguments, LATE_GRANT, identity, site.reaches)
    later = {**vault.later_grants, **observability.later_grants}
    check_grants(arguments, identity, site.reaches, later)
    return site, tied_settings(identity, [package, sign_in, vault, *links], observability, site.settings)
