"""What a function app and its slots have in common, read and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from ...arguments import Arguments
from ...links import LinksArgs, read_links
from ...links.key_vault import VaultLink
from ...links.link import Link
from ...placement import Placement
from ...tags import ForeignTagsArgs, read_foreign_tags
from ..declare import LateGrant, check_grants, check_late_grant, known_at_first
from ..given_settings import GivenSettings, SettingsArgs, SettingsInput, read_settings
from ..identity_choice import IdentityArgs, IdentityChoices, read_identity
from ..observability import ObservabilityArgs, ObservabilityChoices, read_observability
from .function_switches import FunctionSwitches, read_function_switches
from .functions_worker import FunctionsWorker, read_functions_worker
from .hardening import SiteConfigFields
from .host_storage import HOST_ID, HostStorage, HostStorageArgs, read_host_storage
from .network import NetworkArgs, NetworkChoices, read_network
from .plan import OperatingSystem
from .runtime import RuntimeArgs, read_health_check_path
from .setting_rules import rules_of
from .settings import platform_of
from .site_security import SiteSecurity, SiteSecurityArgs, read_site_security
from .slots import tied_settings
from .triggers import with_triggers

LATE_GRANT: Final = LateGrant.RESOLVES_LATER
"""A reference whose grant lands later is tried again, as a web app's is, and the runtime starts again until
its storage lets it in.
https://learn.microsoft.com/azure/azure-functions/functions-identity-based-connections-tutorial"""
KIND: Final = "functionapp,linux"


class FunctionSiteArgs(
    RuntimeArgs,
    IdentityArgs,
    LinksArgs,
    HostStorageArgs,
    SettingsArgs,
    NetworkArgs,
    SiteSecurityArgs,
    ObservabilityArgs,
    ForeignTagsArgs,
):
    """What a function app and its slots have in common."""


@dataclass(frozen=True)
class FunctionSite:
    """The arguments, read and checked. `component` is what messages call it."""

    component: str
    worker: FunctionsWorker
    health_check_path: pulumi.Output[str] | None
    identity: IdentityChoices
    vault: VaultLink
    links: Sequence[Link]
    host_storage: HostStorage
    switches: FunctionSwitches
    settings: GivenSettings
    network: NetworkChoices
    security: SiteSecurity
    observability: ObservabilityChoices
    foreign_tags: tuple[str, ...]
    place: Placement

    @property
    def reaches(self) -> Sequence[Link]:
        """What code reaches with the identity; the runtime's storage comes to it once it is there."""
        return (self.vault, *self.links)

    def known(self) -> dict[str, Any]:
        """What a preview can say of the site before anything else is known: the component's own inputs."""
        return known_at_first(self.identity, self.reaches)

    def site_config(self) -> SiteConfigFields:
        """Of a site on a plan of a fixed size; on Flex Consumption the language is said elsewhere."""
        return {"health_check_path": self.health_check_path, "linux_fx_version": self.worker.linux_fx_version}

    def all_settings(
        self,
        told: Mapping[str, pulumi.Input[str]],
        storage: HostStorage,
        host_id: pulumi.Output[str] | None,
    ) -> SettingsInput:
        """The site's settings, with what code is told and where the runtime's storage is. `host_id` is what
        the runtime calls the site there; None where nobody says so.
        """
        called = {} if host_id is None else {HOST_ID: host_id}
        return storage.addressed(self.settings.with_derived({**told, **self.switches.settings}, called))


def read_function_site(
    arguments: Arguments, place: Placement, *, size: str | None = None, on_flex: bool = False
) -> tuple[FunctionSite, list[str]]:
    """A site, and its settings that a swap of slots leaves where they are. `size` is that of its own plan.
    Problems are noted in `arguments`.
    """
    identity = read_identity(arguments)
    worker = read_functions_worker(arguments, on_flex=on_flex)
    vault, linked = read_links(arguments, identity.kind)
    language = None if on_flex else worker.name.value
    host_storage = read_host_storage(arguments, identity.kind, language)
    links = with_triggers(linked, identity.kind, host_storage.triggers or ())
    observability = read_observability(arguments, identity.kind)
    switches = read_function_switches(arguments)
    own = [host_storage.variables, observability.variables, switches.variables]
    platform = platform_of(OperatingSystem.LINUX, pulls_images=False)
    rules = rules_of(platform, identity, [vault, *links], own, has_package_url=False)
    check_late_grant(arguments, LATE_GRANT, identity, [vault, *links])
    later = {**host_storage.later_grants, **observability.later_grants}
    storage = [host_storage] if host_storage.account is not None else []
    check_grants(arguments, identity, [*storage, vault, *links], later)
    site = FunctionSite(
        component=arguments.component,
        worker=worker,
        health_check_path=read_health_check_path(arguments),
        identity=identity,
        vault=vault,
        links=links,
        host_storage=host_storage,
        switches=switches,
        settings=read_settings(arguments, rules),
        network=read_network(arguments),
        security=read_site_security(arguments, OperatingSystem.LINUX, size),
        observability=observability,
        foreign_tags=read_foreign_tags(arguments),
        place=place,
    )
    tied = tied_settings(identity, [host_storage, vault, *links], observability, site.settings)
    return site, [*tied, *switches.settings]
