"""A key of a vault that data is encrypted with in the place of Microsoft's: one shape for every service.

The identity that uses the key comes first, its grant on the key next, and the account last: Azure tries the
key while it makes the account. Source: https://learn.microsoft.com/azure/security/fundamentals/encryption-models
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from .arguments import Arguments
from .elsewhere import Elsewhere
from .encryption_refusals import ENCRYPTION, Encrypts, both, encryption_check, explain_refusal, until_honoured
from .endpoints import normal_endpoint
from .errors import Give, Step
from .existing import explained
from .hooks import Check
from .identity import IdentityKind, ManagedIdentity, ManagedIdentityArgs
from .links.needs import Granted, Grantee
from .links.role_need import RoleNeed
from .links.scope import Scope
from .links.vault import read_vault
from .names.everywhere import IDENTITY as IDENTITY_NAME
from .names.vaults import KEY_NAME
from .naming import read_name
from .placement import Placement
from .references import IDENTITY, id_form, key_id
from .roles import Role


class CustomerKeyArgs(TypedDict):
    """A key of a vault, and the identity that wraps with it. `KeyVault.encryption_key` makes one."""

    id: pulumi.Input[str]
    """Resource id of the vault, which has to have purge protection, as a KeyVault outputs it."""
    endpoint: pulumi.Input[str]
    """Address of that vault, https://kv-team.vault.azure.net/."""
    key: pulumi.Input[str]
    """Name of the key, without a version, so that each rotation is followed: RSA, to wrap and unwrap."""
    identity: NotRequired[IdentityKind]
    """What uses the key: user-assigned, made and granted here, or existing; left out, user-assigned."""
    identity_name: NotRequired[pulumi.Input[str]]
    """Name of the identity that is made; left out, id-<name>-encryption-<stack>-<random>."""
    identity_id: NotRequired[pulumi.Input[str]]
    """Resource id of an existing identity, whose owner grants it; left out, one is made."""


class EncryptionArgs(TypedDict):
    """Whose key data is encrypted with."""

    encryption: NotRequired[CustomerKeyArgs]
    """The key of yours that data is encrypted with; left out, Microsoft's."""


@dataclass(frozen=True)
class CustomerKey:
    """The arguments of a key, read and checked. `identity_id` is of an existing one, None for its own."""

    vault: Scope
    endpoint: pulumi.Output[str]
    key: pulumi.Output[str]
    scope: Scope
    identity_name: pulumi.Output[str] | None
    identity_id: pulumi.Output[str] | None


def read_encryption(arguments: Arguments, refused: str = "", step: str = "") -> CustomerKey | None:
    """None where no key was given. `refused` is why this account cannot have one, with the `step` that
    mends it. Problems are noted in `arguments`.
    """
    record = arguments.record(ENCRYPTION, CustomerKeyArgs)
    if record is None:
        return None
    if refused:
        arguments.refuse(
            ENCRYPTION, f"a key, {refused}", "one that can be encrypted with a key of yours", step
        )
    identity_id = _read_identity(record)
    record.require("id", "the vault that has the key")
    record.require("endpoint", "the address of the vault that has the key")
    record.require("key", KEY_NAME.words)
    id, endpoint = read_vault(record, ("id", "endpoint"))
    key = record.text("key", KEY_NAME)
    name = read_name(record, "identity_name", IDENTITY_NAME)
    if id is None or endpoint is None or key is None:
        return None
    # The vault's address is given out when its keys are there: a grant before its key would be refused.
    there = pulumi.Output.all(id, endpoint).apply(lambda known: str(known[0]))
    vault = Scope.of(record.raw("id"), there)
    scope = vault.within(record.raw("key"), key_id, key)
    return CustomerKey(vault, endpoint.apply(normal_endpoint), key, scope, name, identity_id)


def _read_identity(record: Arguments) -> pulumi.Output[str] | None:
    kind = record.choice("identity", IdentityKind, IdentityKind.USER_ASSIGNED)
    subject = record.at("identity")
    if kind is IdentityKind.SYSTEM_ASSIGNED:
        expected = "an identity that exists before the account: Azure tries the key while it makes one"
        step = Step("write user-assigned", (Give(subject, IdentityKind.USER_ASSIGNED.value),))
        record.refuse(subject, kind.value, expected, step)
    if kind is IdentityKind.NONE:
        step = f"write user-assigned, or take {record.path} out for Microsoft's key"
        record.refuse(subject, kind.value, "an identity, which alone may use the key", step)
    if kind is IdentityKind.EXISTING:
        record.require("identity_id", "the resource id of the identity, because identity is existing")
        record.exclude("identity_id", ("identity_name",), "an existing identity has its name")
    elif record.has("identity_id"):
        step = Step("write existing", (Give(subject, IdentityKind.EXISTING.value),))
        record.refuse(subject, f"{kind.value}, with identity_id", "identity existing", step)
    id = record.text("identity_id", id_form(IDENTITY))
    return id if kind is IdentityKind.EXISTING else None


def attached(key: CustomerKey | None) -> Elsewhere:
    """An existing identity, which whoever deploys has to be allowed to attach."""
    return [] if key is None or key.identity_id is None else [("identity_id", key.identity_id)]


@dataclass(frozen=True)
class Encryption:
    """What an account is given: the key, and the identity that was let in to it before."""

    given: CustomerKey
    identity: ManagedIdentity
    granted: Sequence[Granted]
    left_to_owners: Sequence[RoleNeed]

    @property
    def grants(self) -> list[pulumi.Resource]:
        return [one.resource for one in self.granted]

    @property
    def resources(self) -> list[pulumi.Resource]:
        """What was made for it, and what has to be there before the account."""
        own = [] if self.identity.adopted else [self.identity.resource]
        return [*own, *(one.gate for one in self.granted)]

    @property
    def key_uri(self) -> pulumi.Output[str]:
        """The key's address without a version: the newest one is used, and rotation followed."""
        return pulumi.Output.concat(self.given.endpoint, "keys/", self.given.key)

    @property
    def vault_uri(self) -> pulumi.Output[str]:
        """Without the slash: Azure answers it so, and a refresh would find a change."""
        return self.given.endpoint.apply(lambda uri: uri.rstrip("/"))

    def hooks(
        self, component: pulumi.ComponentResource, name: str, how: Encrypts, also: Check | None = None
    ) -> pulumi.ResourceHookBinding:
        """Of the account: its create is tried again while the grant is not honoured yet."""
        return explained(
            component,
            name,
            how.child,
            explain_refusal(how),
            before_update=both(encryption_check(component, name, how), also),
            retry=until_honoured(component, how),
        )


def encrypt_with(
    component: pulumi.ComponentResource, name: str, key: CustomerKey | None, place: Placement
) -> Encryption | None:
    """Make the identity, or read an existing one, and let it wrap with the key. None without a key."""
    if key is None:
        return None
    child, opts = f"{name}-{ENCRYPTION}", pulumi.ResourceOptions(parent=component)
    if key.identity_id is not None:
        identity = ManagedIdentity(child, {"existing_id": key.identity_id}, opts)
        return Encryption(key, identity, (), (_need(key),))
    args: ManagedIdentityArgs = {"resource_group_name": place.resource_group_name or ""}
    if key.identity_name is not None:
        args["identity_name"] = key.identity_name
    if place.location is not None:
        args["location"] = place.location
    if place.tags is not None:
        args["tags"] = place.tags
    identity = ManagedIdentity(child, args, opts)
    by = f"{type(component).__name__} '{name}'"
    to = Grantee(identity.principal_id, identity.name, by, identity.client_id)
    return Encryption(key, identity, (_need(key).grant(f"{name}-{ENCRYPTION}-key", to, opts),), ())


def _need(key: CustomerKey) -> RoleNeed:
    return RoleNeed(ENCRYPTION, Role.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER, key.scope, ENCRYPTION)
