"""The keys of a stack's configuration and their defaults."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

import pulumi


def _no_entries() -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Settings:
    """The configuration of a stack; Pulumi.yaml describes each key, these are the names in Python."""

    name: str = "keyless"
    resource_group_name: str = ""
    location: str = "westeurope"
    os: str = "linux"
    size: str = "B1"
    workers: int = 0
    zone_redundant: bool = False
    runtime: str = "python-3.12"
    startup_command: str = ""
    identity: str = "user-assigned"
    identity_id: str = ""
    secrets: Mapping[str, str] = field(default_factory=_no_entries)
    settings: Mapping[str, str] = field(default_factory=_no_entries)
    secret_readers: Mapping[str, str] = field(default_factory=_no_entries)
    secret_officers: Mapping[str, str] = field(default_factory=_no_entries)
    secret_access: str = "vault"
    manage_vault_access: bool = True
    vault_id: str = ""
    vault_endpoint: str = ""
    purge_protection: bool = True
    soft_delete_retention_days: int = 90
    custom_domain: str = ""
    custom_domain_tls: bool = False
    diagnostics_workspace_id: str = ""
    protect: bool = False
    delete_lock: bool = False
    tags: Mapping[str, str] = field(default_factory=_no_entries)
    tags_added_elsewhere: Mapping[str, str] = field(default_factory=_no_entries)
    tenant_id: str = ""
    subscription_id: str = ""
    taken_back: frozenset[str] = frozenset()
    """Of TAKEN_BACK, the fields that the stack's file says, as empty as the default is. It is no key."""


DEFAULTS: Final = Settings()
KEYS: Final = {
    re.sub(r"_(.)", lambda match: match[1].upper(), f.name): f.name
    for f in fields(Settings)
    if f.name != "taken_back"
}
"""Configuration key → field."""
TAKEN_BACK: Final = frozenset({"startup_command"})
"""Fields whose default, written down, takes back what an earlier run gave: Azure keeps what nobody says."""


def earlier_names(settings: Settings) -> list[pulumi.Alias]:
    """What the app may have been called before, so that another name makes nothing anew: up to 0.1.0 it was
    called after the project, and a stack may say its `name` later.
    """
    earlier = {DEFAULTS.name, pulumi.get_project()} - {settings.name}
    return [pulumi.Alias(name=name) for name in sorted(earlier)]
