"""The link from a host to its code: a package that lies in blob storage and is read with the identity."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NotRequired, TypedDict, cast

import pulumi

from ...arguments import Arguments
from ...errors import ConfigurationError, Problem
from ...form import Form
from ...identity import IdentityKind
from ...links.link import IdentityIds, Told, Variables
from ...links.needs import Need
from ...links.role_need import RoleNeed
from ...links.scope import Scope
from ...plain import is_plain
from ...references import STORAGE, container_id, id_form, is_id_of, parse_id
from ...roles import Role
from ...shown import beginning
from .runtime import RuntimeChoices
from .settings import RUN_FROM_PACKAGE

IDENTITY: Final = "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID"
_ADDRESS: Final = re.compile(r"https://([0-9a-z]{3,24})\.blob\.[0-9a-z.-]+/([^/?#@]+)/[^?#]+")
_FORM: Final = Form.matching(
    "https://<account>.blob.core.windows.net/<container>/<package>.zip, and nothing behind it",
    _ADDRESS.pattern,
    beginning("https://", r"[0-9a-z.-]*(?:/[^?#@]*)?"),
)
# They need a build, or write to the app's folder when they start, which a package makes read-only.
_NOT_FROM_PACKAGE: Final = ("java", "python")


class PackageArgs(TypedDict):
    """The package to run."""

    package_url: NotRequired[pulumi.Input[str]]
    """Address of a zip file in blob storage to run, without a signature; left out, code is published."""
    package_storage_id: NotRequired[pulumi.Input[str]]
    """Resource id of its storage account, where the app is let in to read; required with package_url."""


@dataclass(frozen=True)
class PackageLink:
    """The arguments of the link, read and checked; `url` is None where code is published instead."""

    url: pulumi.Output[str] | None
    container: Scope | None

    source = "package_url"
    grants_here = True

    @property
    def variables(self) -> Variables:
        return [] if self.url is None else [(name, self.source) for name in (RUN_FROM_PACKAGE, IDENTITY)]

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        """The address is code, which a swap moves."""
        return () if self.url is None else (IDENTITY,)

    def needs(self) -> Sequence[Need]:
        if self.container is None:
            return []
        return [RoleNeed("package", Role.STORAGE_BLOB_DATA_READER, self.container, self.source)]

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        """https://learn.microsoft.com/azure/app-service/deploy-run-package#access-a-package-in-azure-blob-storage-using-a-managed-identity"""
        if self.url is None:
            return {}
        system = pulumi.Output.from_input("SystemAssigned")
        return {RUN_FROM_PACKAGE: self.url, IDENTITY: system if ids.identity_id is None else ids.identity_id}

    def known(self) -> Mapping[str, Any]:
        return {}


def read_package(arguments: Arguments, identity: IdentityKind, runs: RuntimeChoices) -> PackageLink:
    url = _read_url(arguments)
    storage_id = arguments.text("package_storage_id", id_form(STORAGE))
    if url is None:
        if storage_id is not None:
            step = "give package_url, or take package_storage_id out"
            given, expected = "package_storage_id alone", "the address of the package"
            arguments.refuse("package_storage_id", given, expected, step)
        return PackageLink(None, None)
    arguments.exclude("package_url", ("container_image",), "an app is a package or a container")
    if identity is IdentityKind.NONE:
        step = "set identity to user-assigned, or take package_url out"
        expected = "an identity that can read the package"
        arguments.refuse("identity and package_url", "none, with package_url", expected, step)
    elif storage_id is None and identity is not IdentityKind.EXISTING:
        step = "give package_storage_id, as a StorageAccount outputs it"
        arguments.refuse("package_url", "package_url alone", "the account in which the app is let in", step)
    if runs.runtime is not None and runs.runtime.language in _NOT_FROM_PACKAGE:
        given = f"package_url, with {runs.runtime.value}"
        expected = "node, dotnet or php: App Service runs no Python and no Java from a package"
        step = "take package_url out, and publish the code"
        arguments.refuse("package_url and runtime", given, expected, step)
    _check_account(arguments)
    return PackageLink(url, None if storage_id is None else _container_of(arguments, url, storage_id))


def _read_url(arguments: Arguments) -> pulumi.Output[str] | None:
    given, component = arguments.raw("package_url"), arguments.component
    if given is None:
        return None
    if is_plain(given):
        arguments.problems += _problems_with(given)
        return pulumi.Output.from_input(cast(str, given))

    def checked(known: str) -> str:
        if problems := _problems_with(known):
            raise ConfigurationError(component, problems)
        return known

    return pulumi.Output.from_input(cast(pulumi.Input[str], given)).apply(checked)


def _problems_with(url: object) -> list[Problem]:
    if _FORM.holds(url):
        return []
    step = "give the blob's own address" if isinstance(url, str) else "write the address as a text"
    if isinstance(url, str) and re.search(r"[?@#]", url):
        step = "take everything from the question mark on out: the app's identity opens the blob"
        return [Problem("package_url", "an address with a signature or login", _FORM.words, step)]
    return [Problem("package_url", _FORM.refused(url), _FORM.words, step)]


def _check_account(arguments: Arguments) -> None:
    """Access to one account does not open a blob in another. Told only where both are plain."""
    url, id = arguments.raw("package_url"), arguments.raw("package_storage_id")
    address = _ADDRESS.fullmatch(url) if isinstance(url, str) else None
    if address and isinstance(id, str) and is_id_of(STORAGE, id) and parse_id(id).name.lower() != address[1]:
        given = "a package in one account, with the id of another"
        step = "give the id of the account that holds the package"
        arguments.refuse("package_url and package_storage_id", given, "one account", step)


def _container_of(arguments: Arguments, url: pulumi.Output[str], storage_id: pulumi.Output[str]) -> Scope:
    """The container that the package is in: the narrowest scope that opens it."""
    account, given = Scope.of(arguments.raw("package_storage_id"), storage_id), arguments.raw("package_url")
    if isinstance(given, str):
        return account.within(_container(given), container_id)
    return account.within(url, lambda id, known: container_id(id, _container(known)))


def _container(url: str) -> str:
    """Empty for what is no address: that is refused elsewhere."""
    address = _ADDRESS.fullmatch(url)
    return address[2] if address is not None else ""
