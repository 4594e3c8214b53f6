"""Keys that the vault makes for itself: their private part never leaves it, nor is it in the state.

Resource Manager makes the first version of a key and changes nothing of it afterwards:
https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/create-if-not-exist
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import keyvault

from ..arguments import Arguments
from ..errors import warn
from ..existing import explained, first_error
from ..names.vaults import KEY_NAME
from .generated_names import GeneratedNames

SOONEST: Final = 7
"""Days after which Azure rotates a key at the earliest.
https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation"""
LATEST: Final = 3650
USUAL: Final = 365


class KeyPurpose(StrEnum):
    """What a key is for. It does nothing else, whatever the role of who asks."""

    ENCRYPT = "encrypt"
    """Encrypt and decrypt what is small."""
    SIGN = "sign"
    """Sign and verify."""
    WRAP = "wrap"
    """Wrap and unwrap the keys that data is encrypted with."""

    @property
    def operations(self) -> tuple[str, str]:
        """As Key Vault calls them."""
        return {
            KeyPurpose.ENCRYPT: ("encrypt", "decrypt"),
            KeyPurpose.SIGN: ("sign", "verify"),
            KeyPurpose.WRAP: ("wrapKey", "unwrapKey"),
        }[self]


class KeyKind(StrEnum):
    """Type and size of a key, by the names that Key Vault has for them."""

    RSA_2048 = "RSA-2048"
    """RSA, 2048 bits."""
    RSA_3072 = "RSA-3072"
    """RSA, 3072 bits."""
    RSA_4096 = "RSA-4096"
    """RSA, 4096 bits."""
    P_256 = "P-256"
    """Elliptic curve, which signs and does nothing else."""
    P_384 = "P-384"
    """Elliptic curve, which signs and does nothing else."""
    P_521 = "P-521"
    """Elliptic curve, which signs and does nothing else."""

    @property
    def bits(self) -> int | None:
        """None for a curve."""
        return int(self.removeprefix("RSA-")) if self.startswith("RSA-") else None


class GeneratedKeyArgs(TypedDict):
    """A key that the vault makes. All of it is decided when it is made."""

    purpose: KeyPurpose
    """What it is for: encrypt, sign or wrap."""
    kind: NotRequired[KeyKind]
    """Type and size; left out, RSA-3072. Curves are for keys that sign."""
    rotate_after_days: NotRequired[int]
    """Days after which a new version is made, 7 to 3650; left out, 365. Earlier versions stay usable."""


class GeneratedKeysArgs(TypedDict):
    """Keys of a vault that is created."""

    generated_keys: NotRequired[Mapping[str, GeneratedKeyArgs]]
    """Keys that the vault makes and keeps, under their names, plain; left out, none."""


@dataclass(frozen=True)
class GeneratedKey:
    """The arguments of one key, read and checked."""

    purpose: KeyPurpose
    kind: KeyKind
    rotate_after_days: int


GeneratedKeys = Mapping[str, GeneratedKey]
"""Keys by their names."""


def read_generated_keys(arguments: Arguments) -> GeneratedKeys:
    """They shape what is created, so all of it is plain."""
    read: dict[str, GeneratedKey] = {}
    given = arguments.plain_map("generated_keys", "names to keys")
    step = "write the name that the key shall have in the vault"
    names = GeneratedNames(arguments, "generated_keys", given, KEY_NAME, step)
    for name, key in arguments.records("generated_keys", GeneratedKeyArgs, "names to keys"):
        names.checked(name)
        read[name] = _read(key)
    return read


def _read(key: Arguments) -> GeneratedKey:
    key.require("purpose", f"what the key is for: one of {', '.join(KeyPurpose)}")
    purpose = key.choice("purpose", KeyPurpose, KeyPurpose.SIGN)
    kind = key.choice("kind", KeyKind, KeyKind.RSA_3072)
    days = key.whole_number("rotate_after_days", USUAL, lowest=SOONEST, highest=LATEST)
    if kind.bits is None and purpose is not KeyPurpose.SIGN:
        subject, given = f"{key.at('purpose')} and {key.at('kind')}", f"{purpose} with {kind}"
        step = f"leave {key.at('kind')} out for {KeyKind.RSA_3072}, or set {key.at('purpose')} to sign"
        key.refuse(subject, given, "an RSA key: a curve only signs", step)
    return GeneratedKey(purpose, kind, days)


def generate_keys(
    parent: pulumi.ComponentResource,
    name: str,
    wanted: GeneratedKeys,
    vault: keyvault.Vault,
    resource_group_name: pulumi.Input[str],
) -> list[keyvault.Key]:
    """One key for each name. Resource Manager has the vault make it, so no role on data and no way through
    the vault's firewall is needed.
    """
    return [
        _make(parent, f"{name}-{key}", key, one, vault, resource_group_name) for key, one in wanted.items()
    ]


def _make(
    parent: pulumi.ComponentResource,
    child: str,
    name: str,
    wanted: GeneratedKey,
    vault: keyvault.Vault,
    resource_group_name: pulumi.Input[str],
) -> keyvault.Key:
    kind = wanted.kind
    made = keyvault.Key(
        child,
        key_name=name,
        properties=keyvault.KeyPropertiesArgs(
            curve_name=kind.value if kind.bits is None else None,
            key_ops=[*wanted.purpose.operations],
            key_size=kind.bits,
            kty="RSA" if kind.bits else "EC",
            rotation_policy=_rotation(wanted.rotate_after_days),
        ),
        resource_group_name=resource_group_name,
        vault_name=vault.name,
        opts=pulumi.ResourceOptions(
            parent=parent,
            hooks=explained(parent, child, "keyvault:Key", _explain),
            # Made once: Resource Manager refuses to change a key that exists.
            ignore_changes=["properties", "tags"],
            # What it encrypted could be read no more. A key is deleted at the vault itself, by an officer.
            retain_on_delete=True,
        ),
    )
    _report_made_otherwise(parent, name, made, wanted)
    return made


def _rotation(days: int) -> keyvault.RotationPolicyArgs:
    return keyvault.RotationPolicyArgs(
        lifetime_actions=[
            keyvault.LifetimeActionArgs(
                action=keyvault.ActionArgs(type=keyvault.KeyRotationPolicyActionType.ROTATE),
                trigger=keyvault.TriggerArgs(time_after_create=f"P{days}D"),
            )
        ]
    )


def _report_made_otherwise(
    component: pulumi.ComponentResource, name: str, made: keyvault.Key, wanted: GeneratedKey
) -> None:
    """Warn, in a preview too, where the key is of another kind, for something else, or rotated at another
    time, than is declared.
    """
    who = f"{type(component).__name__}: key {name} is declared"

    def _warn(said: str, step: str = "or another key") -> None:
        text = f"Azure makes a key once, so nothing was attempted. Next: declare what it is, {step}"
        warn(f"{who} {said}. {text}.", component)

    def compare(kind: str) -> None:
        if kind != wanted.kind:
            _warn(f"as {wanted.kind}, and was made as {kind}")

    def compare_operations(operations: Sequence[str] | None) -> None:
        if operations and set(operations) != {*wanted.purpose.operations}:
            _warn(f"to {wanted.purpose}, and was made to {', '.join(operations)}")

    def compare_rotation(policy: keyvault.outputs.RotationPolicyResponse | None) -> None:
        found = None if policy is None else _rotated_after(policy)
        if found is not None and found != wanted.rotate_after_days:
            said = f"with rotate_after_days {wanted.rotate_after_days}, and is rotated after {found} days"
            _warn(said, "or have an officer change its rotation policy")

    # One by one: a preview does not know whichever of size and curve the key does not have.
    made.key_size.apply(lambda bits: compare(f"RSA-{int(bits)}") if bits else None)
    made.curve_name.apply(lambda curve: compare(curve) if curve else None)
    made.key_ops.apply(compare_operations)
    made.rotation_policy.apply(compare_rotation)


def _rotated_after(policy: keyvault.outputs.RotationPolicyResponse) -> int | None:
    """Days. None where the policy says it in another way, which is not compared."""
    for one in policy.lifetime_actions or ():
        after = one.trigger.time_after_create if one.trigger else None
        days = re.fullmatch(r"P(\d+)D", after or "")
        if days and one.action and str(one.action.type).lower() == "rotate":
            return int(days[1])
    return None


def _explain(failed: pulumi.ErrorHookArgs) -> str | None:
    error, given = first_error(failed), failed.new_inputs or {}
    vault, key = given.get("vaultName"), given.get("keyName")
    if "in a deleted but recoverable state" not in error:
        return None
    return (
        f"Key {key} was deleted in vault {vault}, which keeps its name. An officer recovers it, and what it "
        f"encrypted can be read again:\n  az keyvault key recover --vault-name {vault} --name {key}\n"
        "Then run the same command again; it prints the line that takes the key over."
    )
