"""The arguments of an App Configuration store: what to create or to adopt, and who is let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import APP_CONFIGURATION as TOKEN
from ..encryption import CustomerKey, EncryptionArgs, read_encryption
from ..names.app_service import APP_CONFIGURATION as NAME
from ..references import APP_CONFIGURATION as STORE
from ..roles import Role
from .configuration_values import ConfigurationValues, ConfigurationValuesArgs, read_configuration_values
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from .target_network import TargetZoneArgs, read_target_network


class ConfigurationTier(StrEnum):
    """What a store can do and costs. https://azure.microsoft.com/pricing/details/app-configuration/"""

    FREE = "free"
    """For trying: no private endpoint, and nothing of a deleted store is kept."""
    DEVELOPER = "developer"
    """For development: private endpoints, and nothing of a deleted store is kept."""
    STANDARD = "standard"
    """For production: a deleted store can be recovered."""
    PREMIUM = "premium"
    """The same without a limit on requests, and with more room."""

    @property
    def retention_days(self) -> int:
        """For how long a deleted store can be recovered: the longest that Azure offers."""
        return 7 if self.keeps_deleted else 0

    @property
    def keeps_deleted(self) -> bool:
        """https://learn.microsoft.com/azure/azure-app-configuration/concept-soft-delete"""
        return self in (ConfigurationTier.STANDARD, ConfigurationTier.PREMIUM)


class AppConfigurationArgs(EncryptionArgs, ConfigurationValuesArgs, TargetZoneArgs, TargetArgs):
    """Arguments of AppConfiguration: either what to create, or `existing_id`; and the people who are let
    in."""

    store_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the store, 5 to 50 characters; left out, appcs-<name>-<stack>-<random>."""
    tier: NotRequired[ConfigurationTier]
    """What it can do and costs; left out, standard."""
    purge_protection: NotRequired[bool]
    """Whether nobody can purge a deleted store; left out, true where the tier keeps one. Irrevocable."""
    configuration_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may read the store, as display name to object id; left out, none."""
    configuration_owners: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may write the store, as display name to object id; left out, none."""


KIND: Final = TargetKind(
    component="AppConfiguration",
    token=TOKEN,
    type_=STORE,
    what="the store",
    name_key="store_name",
    name_rule=NAME,
    group_id="configurationStores",
    people={
        "configuration_readers": ("reader", Role.APP_CONFIGURATION_DATA_READER),
        "configuration_owners": ("owner", Role.APP_CONFIGURATION_DATA_OWNER),
    },
)


@dataclass(frozen=True)
class AppConfigurationChoices:
    """The arguments of a store, read and checked."""

    target: TargetChoices
    tier: ConfigurationTier
    purge_protection: bool
    encryption: CustomerKey | None
    values: ConfigurationValues


def read_app_configuration(arguments: Arguments) -> AppConfigurationChoices:
    """Problems are noted in `arguments`."""
    tier = arguments.choice("tier", ConfigurationTier, ConfigurationTier.STANDARD)
    network = read_target_network(arguments, STORE, KIND.group_id, KIND.what)
    if tier is ConfigurationTier.FREE and network.endpoint is not None:
        subject = "tier and private_endpoint_subnet_id"
        step = "set tier to developer, or take private_endpoint_subnet_id out"
        arguments.refuse(subject, "free, with a private endpoint", "a tier that has private endpoints", step)
    _check_reach(arguments, public=network.public)
    return AppConfigurationChoices(
        target=read_target(arguments, AppConfigurationArgs, KIND, network),
        tier=tier,
        purge_protection=_read_purge_protection(arguments, tier),
        encryption=_read_encryption(arguments, tier),
        values=read_configuration_values(arguments),
    )


def _read_encryption(arguments: Arguments, tier: ConfigurationTier) -> CustomerKey | None:
    """https://learn.microsoft.com/azure/azure-app-configuration/concept-customer-managed-keys"""
    refused = "" if tier.keeps_deleted else f"in the tier {tier.value}"
    return read_encryption(arguments, refused, "set tier to standard, or take encryption out")


def _read_purge_protection(arguments: Arguments, tier: ConfigurationTier) -> bool:
    protected = arguments.flag("purge_protection", tier.keeps_deleted)
    if protected and not tier.keeps_deleted:
        step = "set tier to standard, or take purge_protection out"
        expected = "a tier that keeps a deleted store: standard or premium"
        arguments.refuse("tier and purge_protection", f"{tier.value}, with purge protection", expected, step)
    return protected


def _check_reach(arguments: Arguments, *, public: bool) -> None:
    """Resource Manager writes over the public address, unless a private link of its own leads to it.
    https://learn.microsoft.com/azure/azure-app-configuration/quickstart-deployment-overview
    """
    keys = [key for key in ("key_values", "references") if arguments.has(key)]
    if keys and not public:
        step = (
            f"set public_network_access to true, or take {keys[0]} out and write it from inside the network"
        )
        expected = "a public address, over which Azure Resource Manager writes what is in the store"
        given = f"{keys[0]}, with no public address"
        arguments.refuse(f"public_network_access and {keys[0]}", given, expected, step)
