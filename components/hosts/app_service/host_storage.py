"""The storage account that the Functions runtime itself needs, reached with the app's identity and no key.

Source: https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NotRequired, TypedDict, cast

import pulumi
from pulumi_azure_native import storage

from ...arguments import Arguments
from ...identity import IdentityKind
from ...links.link import IdentityIds, Told, Variables
from ...links.needs import Need
from ...links.role_need import RoleNeed
from ...links.scope import Scope
from ...names.storage import STORAGE_ACCOUNT
from ...naming import Naming
from ...placement import Placement
from ...references import STORAGE, id_form, parse_id
from ...targets.storage_account import StorageAccount
from ...targets.storage_account_arguments import StorageAccountArgs
from ...unknowns import answered
from ..given_settings import SettingsInput
from .host_roles import Trigger, read_triggers, roles_for

_SETTING: Final = "AzureWebJobsStorage"
_SERVICES: Final = ("blob", "queue", "table")
_PUBLIC: Final = "https://{0}.{1}.core.windows.net/"
HOST_ID: Final = "AzureFunctionsWebHost__hostid"
_LONGEST: Final = 32
_HASH: Final = 8
_SUFFIXES: Final = (
    "accountName",
    *(f"{service}ServiceUri" for service in _SERVICES),
    "clientId",
    "credential",
    "managedIdentityResourceId",
)
_RESERVED: Final = (
    "FUNCTIONS_EXTENSION_VERSION",
    "FUNCTIONS_WORKER_RUNTIME",
    _SETTING,
    *(f"{_SETTING}__{suffix}" for suffix in _SUFFIXES),
    # Both are for plans that keep the app's files on a share, which opens with a key only.
    "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
    "WEBSITE_CONTENTSHARE",
)


class HostStorageArgs(TypedDict):
    """The storage account of the Functions runtime."""

    host_storage_id: NotRequired[pulumi.Input[str]]
    """Resource id of the account the runtime keeps its own state in; left out, one is created."""
    triggers: NotRequired[Sequence[Trigger]]
    """What starts the functions, from which the roles on that account follow; left out, three data roles."""


@dataclass(frozen=True)
class HostStorage:
    """What the runtime needs, as a link.

    `language` is the setting that says in what the code is written; None where the site itself says so.
    `account` is None until the app has created its account, `endpoints` and `blob_endpoint` until it has that
    or has read the one it was given.
    """

    language: str | None
    triggers: Sequence[Trigger] | None
    account: Scope | None
    endpoints: pulumi.Output[Mapping[str, str]] | None = None
    blob_endpoint: pulumi.Output[str] | None = None

    source = "host_storage_id"
    grants_here = True

    @property
    def variables(self) -> Variables:
        return [(name, self.source) for name in _RESERVED]

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        """Where it is, as whom it is opened, and what the runtime calls the site there."""
        return [*(f"{_SETTING}__{suffix}" for suffix in _SUFFIXES), HOST_ID]

    @property
    def later_grants(self) -> Mapping[str, str]:
        """The names of the grants that follow once the app has created its account, to what they are from."""
        return dict.fromkeys(roles_for(self.triggers), self.source) if self.account is None else {}

    def needs(self) -> Sequence[Need]:
        assert self.account is not None
        needed = roles_for(self.triggers)
        return [RoleNeed(key, role, self.account, self.source) for key, role in needed.items()]

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        told = {f"{_SETTING}__credential": "managedidentity"}
        if self.language is not None:
            told |= {"FUNCTIONS_EXTENSION_VERSION": "~4", "FUNCTIONS_WORKER_RUNTIME": self.language}
        settings: dict[str, Told] = {name: pulumi.Output.from_input(text) for name, text in told.items()}
        if ids.client_id is not None:
            # A system-assigned identity has none, and is what the runtime takes without one.
            settings[f"{_SETTING}__clientId"] = ids.client_id
        return settings

    def known(self) -> Mapping[str, Any]:
        return {}

    def addressed(self, settings: SettingsInput) -> SettingsInput:
        """All settings of the app, with those that say where the account is.

        In Azure's public cloud its name alone says so, in others its three addresses do, and which cloud it
        is shows in the addresses. Before they are known, a preview shows the name.
        """
        assert self.account is not None
        assert self.endpoints is not None
        account_id = self.account.id
        name = account_id.apply(lambda id: parse_id(id).name)

        def added(known: Any) -> dict[str, pulumi.Input[str]]:
            addresses = cast(dict[str, str], known if isinstance(known, Mapping) else {})
            where: dict[str, pulumi.Input[str]] = {
                f"{_SETTING}__{service}ServiceUri": url for service, url in addresses.items()
            }
            return where or {f"{_SETTING}__accountName": name}

        endpoints = self.endpoints

        def addressed(own: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[Any]:
            return endpoints.apply(lambda known: {**own, **added(known)}, run_with_unknowns=True)

        return settings.apply(addressed) if isinstance(settings, pulumi.Output) else addressed(settings)


def read_host_storage(arguments: Arguments, identity: IdentityKind, language: str | None) -> HostStorage:
    if identity is IdentityKind.NONE:
        step = "set identity to user-assigned, or take it out"
        expected = "an identity: the Functions runtime reaches its own storage with it"
        arguments.refuse("identity", "none, and a function app", expected, step)
    id, triggers = arguments.text("host_storage_id", id_form(STORAGE)), read_triggers(arguments)
    if identity is IdentityKind.EXISTING and id is None:
        roles = ", ".join(role.value for role in roles_for(triggers).values())
        step = f"give host_storage_id, an account on which the identity's owner gave it {roles}"
        expected = "an account that the existing identity was let in to: one made here opens to nobody yet"
        arguments.refuse("identity and host_storage_id", "existing, without host_storage_id", expected, step)
    account = None if id is None else Scope.of(arguments.raw("host_storage_id"), id)
    return HostStorage(language, triggers, account)


def host_id_of(name: pulumi.Output[str]) -> pulumi.Output[str]:
    """What the runtime calls the app in a storage that others use too. By itself it takes the first 32
    characters of the name, and one of two apps that have them in common stops.

    https://learn.microsoft.com/azure/azure-functions/storage-considerations#host-id-considerations
    """
    return name.apply(_host_id)


def default_host_id_of(name: pulumi.Output[str]) -> pulumi.Output[str]:
    """What the runtime calls an app by itself. Said of an app that has slots: code that warms up in one for
    a swap runs with the app's settings, and so takes the app's locks, by which one timer fires.

    https://learn.microsoft.com/azure/azure-functions/functions-deployment-slots#swap-operations
    """
    return name.apply(lambda known: known[:_LONGEST].rstrip("-"))


def _host_id(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_HASH]
    return f"{name[: _LONGEST - _HASH - 1].rstrip('-')}-{digest}"


def with_endpoints(
    host: pulumi.Resource, name: str, choices: HostStorage, own: StorageAccount | None
) -> HostStorage:
    """The addresses of the account's services, from the account itself: made here, or read by its id."""
    if own is not None:
        account_id, addresses = own.account_id, own.resource.primary_endpoints
        choices = replace(choices, account=Scope.of(account_id, account_id), blob_endpoint=own.endpoint)
    else:
        assert choices.account is not None
        options = pulumi.ResourceOptions(parent=host)
        addresses = storage.StorageAccount.get(name, choices.account.id, options).primary_endpoints
        blobs = answered(addresses, lambda found: found.blob, "the address of its blobs")
        choices = replace(choices, blob_endpoint=blobs)
    found = answered(addresses, _services, "the addresses of its services")
    return replace(choices, endpoints=found)


def _services(endpoints: Any) -> Mapping[str, str] | None:
    """Empty in the public cloud, where the account's name stands for all three."""
    found = {service: getattr(endpoints, service, None) for service in _SERVICES}
    if not all(found.values()):
        return None
    urls = cast(Mapping[str, str], found)
    is_public = all(
        url == _PUBLIC.format(url.removeprefix("https://").partition(".")[0], service)
        for service, url in urls.items()
    )
    return {} if is_public else urls


def own_host_storage(
    parent: pulumi.Resource,
    name: str,
    choices: HostStorage,
    place: Placement,
    naming: Naming,
    containers: Sequence[str] = (),
) -> StorageAccount | None:
    """The account that an app creates for its runtime, with `containers`; None where one was given."""
    if choices.account is not None:
        return None
    args: StorageAccountArgs = {
        "resource_group_name": place.resource_group_name,
        "account_name": naming.choose(None, STORAGE_ACCOUNT),
    }
    if containers:
        args["containers"] = containers
    if place.location is not None:
        args["location"] = place.location
    if place.tags is not None:
        args["tags"] = place.tags
    return StorageAccount(name, args, pulumi.ResourceOptions(parent=parent))
