"""What is written into an App Configuration store: key values, and references to secrets of vaults."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import appconfiguration

from ..arguments import Arguments
from ..azure_facts.key_value_names import name_of_key
from ..endpoints import read_id_and_endpoint, secret_uri
from ..errors import warn_of_secret
from ..links.app_configuration import ReferencedSecretArgs, read_secret_name
from ..names.app_service import CONFIGURATION_KEY
from ..plain import is_plain
from ..references import VAULT
from ..shown import described, entry

REFERENCE: Final = "application/vnd.microsoft.appconfig.keyvaultref+json;charset=utf-8"
"""https://learn.microsoft.com/azure/azure-app-configuration/use-key-vault-references-dotnet-core"""


class VaultReferenceArgs(TypedDict):
    """A secret that a key refers to: the store keeps its address, and never its value."""

    vault_id: pulumi.Input[str]
    """Resource id of the vault, as a KeyVault outputs it."""
    vault_endpoint: pulumi.Input[str]
    """Address of that vault, https://kv-team.vault.azure.net/."""
    secret: str
    """Name of the secret, plain."""


class ConfigurationValuesArgs(TypedDict):
    """What is in a store from the start."""

    key_values: NotRequired[Mapping[str, pulumi.Input[str]]]
    """What to write, no secrets, as key to value, a label behind a $: color$test; left out, nothing."""
    references: NotRequired[Mapping[str, VaultReferenceArgs]]
    """Keys that refer to secrets of vaults, each to its vault and secret; left out, none."""


@dataclass(frozen=True)
class Reference:
    """A reference, read and checked. `vault_id` is as it was given, for the links of who reads it."""

    vault_id: pulumi.Input[str]
    endpoint: pulumi.Output[str]
    secret: str

    @property
    def value(self) -> pulumi.Output[str]:
        """What the key holds: the address of the newest version."""
        return self.endpoint.apply(lambda address: json.dumps({"uri": secret_uri(address, self.secret)}))

    @property
    def for_readers(self) -> ReferencedSecretArgs:
        return {"vault_id": self.vault_id, "secret": self.secret}


@dataclass(frozen=True)
class ConfigurationValues:
    """Both, read and checked, by their keys."""

    key_values: Mapping[str, pulumi.Output[str]]
    references: Mapping[str, Reference]


def read_configuration_values(arguments: Arguments) -> ConfigurationValues:
    """Problems are noted in `arguments`."""
    values = arguments.plain_map("key_values", "keys to texts")
    texts: dict[str, pulumi.Output[str]] = {}
    for key, value in values.items():
        subject = entry("key_values", key, values)
        _check_key(arguments, subject, key)
        if is_plain(value) and not isinstance(value, str):
            arguments.refuse(subject, described(value), "a text", "write the value as a text")
        warn_of_secret(
            value,
            f"{subject} of {arguments.component}: a secret that lies in clear in the store, for everybody "
            "who may read it. Next: put the value into a vault, and write the key in references.",
        )
        texts[key] = pulumi.Output.from_input(value).apply(str)
    references: dict[str, Reference] = {}
    for key, record in arguments.records("references", VaultReferenceArgs, "keys to vaults and secrets"):
        _check_key(arguments, record.path, key)
        if key in values:
            step = "take it out of key_values: the store keeps the secret's address alone"
            arguments.refuse(record.path, "a key that key_values has, too", "each key once", step)
        read = _read_reference(record)
        if read is not None:
            references[key] = read
    return ConfigurationValues(texts, references)


def _read_reference(record: Arguments) -> Reference | None:
    keys, example = ("vault_id", "vault_endpoint"), "https://<vault>.vault.azure.net/"
    secret = read_secret_name(record)
    id, endpoint = read_id_and_endpoint(record, keys, VAULT, "vault", example)
    if not any(record.has(key) for key in keys):
        record.require("vault_id", "the vault that holds the secret")
    return None if id is None or endpoint is None else Reference(record.raw("vault_id"), endpoint, secret)


def _check_key(arguments: Arguments, subject: str, key: str) -> None:
    if not CONFIGURATION_KEY.holds(key):
        step = "rename the key, here and in the app"
        arguments.refuse(subject, CONFIGURATION_KEY.refused(key), CONFIGURATION_KEY.words, step)


def write_values(
    parent: pulumi.Resource,
    name: str,
    values: ConfigurationValues,
    store: appconfiguration.ConfigurationStore,
    group_name: pulumi.Input[str] | None,
) -> list[appconfiguration.KeyValue]:
    """One child for each key, by Resource Manager, which passes on who deploys."""

    def written(key: str, value: pulumi.Output[str], content_type: str | None) -> appconfiguration.KeyValue:
        assert group_name is not None  # what is created is in a group
        return appconfiguration.KeyValue(
            f"{name}-{key}",
            config_store_name=store.name,
            content_type=content_type,
            key_value_name=name_of_key(key),
            resource_group_name=group_name,
            value=value,
            opts=pulumi.ResourceOptions(parent=parent),
        )

    return [
        *(written(key, value, None) for key, value in values.key_values.items()),
        *(written(key, one.value, REFERENCE) for key, one in values.references.items()),
    ]
