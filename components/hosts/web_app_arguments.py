"""The arguments of a web app: what they mean, and which of them contradict each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NotRequired, TypedDict

import pulumi

from ..app_settings import GivenSettings, read_secrets, read_settings
from ..arguments import Arguments
from ..identity import IdentityKind
from ..names import IDENTITY as IDENTITY_NAME
from ..names import PLAN as PLAN_NAME
from ..names import WEB_APP as APP_NAME
from ..naming import read_name
from ..plan_sizes import DEFAULT_SIZE, PLAN_SIZES
from ..references import IDENTITY, PLAN, VAULT, expected_id, is_endpoint, is_guid, is_id_of


class Runtime(StrEnum):
    """The language an app is written in, and its version."""

    PYTHON_3_11 = "python-3.11"
    """Python 3.11."""
    PYTHON_3_12 = "python-3.12"
    """Python 3.12."""
    PYTHON_3_13 = "python-3.13"
    """Python 3.13."""

    @property
    def linux_fx_version(self) -> str:
        """App Service's own spelling, such as PYTHON|3.12."""
        language, version = self.value.split("-")
        return f"{language.upper()}|{version}"


class WebAppArgs(TypedDict):
    """Arguments of WebApp."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create the app in, with its plan and its identity."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    app_name: NotRequired[pulumi.Input[str]]
    """Globally unique name, 2 to 60 of a-z, 0-9 and hyphen; left out, app-<name>-<stack>-<random>."""
    plan_id: NotRequired[pulumi.Input[str]]
    """Resource id of a Linux plan to run on; left out, the app creates its own of the given size."""
    size: NotRequired[str]
    """Size of the app's own plan, such as F1, B1, S1 or P1v3; left out, B1."""
    plan_name: NotRequired[pulumi.Input[str]]
    """Name of the app's own plan, 1 to 40 characters; left out, asp-<name>-<stack>-<random>."""
    always_on: NotRequired[bool]
    """Whether the app stays loaded when nobody uses it; left out, true where the plan's size allows it."""
    runtime: NotRequired[Runtime]
    """Language and version; left out, python-3.12."""
    health_check_path: NotRequired[pulumi.Input[str]]
    """Path that tells whether an instance is well, starting with a slash; left out, no check."""
    secrets: NotRequired[Mapping[str, str]]
    """What the app may read, as environment variable to secret name, plain; left out, nothing."""
    settings: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Further environment variables of the app, none of them secret; left out, none."""
    identity: NotRequired[IdentityKind]
    """What the app runs as; left out, user-assigned."""
    identity_name: NotRequired[pulumi.Input[str]]
    """Name of the app's own user-assigned identity; left out, id-<name>-<stack>-<random>."""
    identity_id: NotRequired[pulumi.Input[str]]
    """Resource id of the identity to run as, with identity existing only, where it is required."""
    identity_principal_id: NotRequired[pulumi.Input[str]]
    """Principal id of that identity, with identity_client_id; left out, both are read from Azure."""
    identity_client_id: NotRequired[pulumi.Input[str]]
    """Client id of that identity, with identity_principal_id; left out, both are read from Azure."""
    vault_id: NotRequired[pulumi.Input[str]]
    """Resource id of the vault that holds the secrets, with vault_endpoint; required with secrets."""
    vault_endpoint: NotRequired[pulumi.Input[str]]
    """Address of that vault, https://kv-team.vault.azure.net/, with vault_id; required with secrets."""
    manage_vault_access: NotRequired[bool]
    """Whether the app is granted here; left out, true. With false, whoever governs the vault does it."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything the app creates; left out, none."""


@dataclass(frozen=True)
class WebAppChoices:
    """The arguments of a web app, read and checked."""

    app_name: pulumi.Output[str] | None
    plan_id: pulumi.Output[str] | None
    size: str
    plan_name: pulumi.Output[str] | None
    always_on: bool
    runtime: Runtime
    health_check_path: pulumi.Output[str] | None
    secrets: Mapping[str, str]
    settings: GivenSettings
    identity: IdentityKind
    identity_name: pulumi.Output[str] | None
    identity_id: pulumi.Output[str] | None
    identity_principal_id: pulumi.Output[str] | None
    identity_client_id: pulumi.Output[str] | None
    vault_id: pulumi.Output[str] | None
    vault_endpoint: pulumi.Output[str] | None
    grants_access: bool
    """Whether a grant belongs to the app: it has secrets, an identity of its own, and the vault's access
    to manage.
    """


def read_web_app(arguments: Arguments, *, vault_follows: bool = False) -> WebAppChoices:
    """Read the arguments of a web app from those of a component that has one; problems are noted in
    `arguments`.

    With `vault_follows` the caller creates the vault, so secrets need none given.
    """
    identity = arguments.choice("identity", IdentityKind, IdentityKind.USER_ASSIGNED)
    secrets = read_secrets(arguments)
    manages_access = arguments.flag("manage_vault_access", True)
    _check_identity(
        arguments, identity, has_secrets=arguments.has("secrets") and bool(arguments.raw("secrets"))
    )
    _check_pair(arguments, "vault_id", "vault_endpoint")
    if secrets and not vault_follows and not (arguments.has("vault_id") or arguments.has("vault_endpoint")):
        step = "give vault_id and vault_endpoint, as a KeyVault outputs them"
        arguments.refuse("secrets", "secrets without a vault", "the vault that holds them", step)
    size = _read_size(arguments)
    return WebAppChoices(
        app_name=read_name(arguments, "app_name", APP_NAME),
        plan_id=arguments.text("plan_id", lambda id: is_id_of(PLAN, id), expected_id(PLAN)),
        size=size,
        plan_name=read_name(arguments, "plan_name", PLAN_NAME),
        always_on=_read_always_on(arguments, size),
        runtime=arguments.choice("runtime", Runtime, Runtime.PYTHON_3_12),
        health_check_path=arguments.text("health_check_path", _is_path, "a path that starts with a slash"),
        secrets=secrets,
        settings=read_settings(arguments, secrets),
        identity=identity,
        identity_name=read_name(arguments, "identity_name", IDENTITY_NAME),
        identity_id=arguments.text("identity_id", lambda id: is_id_of(IDENTITY, id), expected_id(IDENTITY)),
        identity_principal_id=arguments.text("identity_principal_id", is_guid, "a GUID"),
        identity_client_id=arguments.text("identity_client_id", is_guid, "a GUID"),
        vault_id=arguments.text("vault_id", lambda id: is_id_of(VAULT, id), expected_id(VAULT)),
        vault_endpoint=arguments.text("vault_endpoint", is_endpoint, "https://<vault>.vault.azure.net/"),
        grants_access=bool(secrets)
        and manages_access
        and identity in (IdentityKind.USER_ASSIGNED, IdentityKind.SYSTEM_ASSIGNED),
    )


def _check_identity(arguments: Arguments, identity: IdentityKind, *, has_secrets: bool) -> None:
    if identity is IdentityKind.NONE and has_secrets:
        step = "set identity to user-assigned, or take secrets out"
        arguments.refuse(
            "identity and secrets", "none, with secrets", "an identity that can read the secrets", step
        )
    if identity is IdentityKind.EXISTING:
        arguments.require(
            "identity_id", "the resource id of the identity to run as, because identity is existing"
        )
        _check_pair(arguments, "identity_principal_id", "identity_client_id")
        ids = [arguments.raw(key) for key in ("identity_principal_id", "identity_client_id")]
        if all(isinstance(id, str) for id in ids) and ids[0] == ids[1]:
            step = "give the identity's principal id and client id; they are two different ids"
            subject = "identity_principal_id and identity_client_id"
            arguments.refuse(subject, f"{ids[0]} for both", "the identity's two ids", step)
    else:
        for key in ("identity_id", "identity_principal_id", "identity_client_id"):
            if arguments.has(key):
                step = f"set identity to existing, or take {key} out"
                arguments.refuse(
                    f"identity and {key}", f"{identity.value}, with {key}", "identity existing", step
                )
    if identity is not IdentityKind.USER_ASSIGNED and arguments.has("identity_name"):
        step = "set identity to user-assigned, or take identity_name out"
        expected = "identity user-assigned, the only one that is created under a name"
        arguments.refuse(
            "identity and identity_name", f"{identity.value}, with identity_name", expected, step
        )


def _check_pair(arguments: Arguments, one: str, other: str) -> None:
    for key, missing in ((one, other), (other, one)):
        if arguments.has(key) and not arguments.has(missing):
            step = f"give {missing} too, or take {key} out"
            arguments.refuse(f"{one} and {other}", f"{key} alone", "both or neither", step)


def _read_size(arguments: Arguments) -> str:
    for key in ("size", "plan_name"):
        arguments.exclude("plan_id", (key,), "a plan is given or created")
    size = arguments.plain_text("size", DEFAULT_SIZE)
    if size in PLAN_SIZES:
        return size
    spelt = next((known for known in PLAN_SIZES if known.lower() == size.lower()), DEFAULT_SIZE)
    arguments.refuse("size", repr(size), f"a size on Linux: {', '.join(PLAN_SIZES)}", f"write {spelt}")
    return DEFAULT_SIZE


def _read_always_on(arguments: Arguments, size: str) -> bool:
    possible = arguments.has("plan_id") or PLAN_SIZES[size].always_on
    always_on = arguments.flag("always_on", possible)
    if always_on and not possible:
        step = "take always_on out, or choose B1 or larger"
        arguments.refuse("always_on and size", f"true, with {size}", "a size that keeps apps loaded", step)
    return always_on


def _is_path(text: str) -> bool:
    return text.startswith("/")
