"""All rules, one file a subject."""

from typing import Final

from policy.rule import Rule
from policy.rules import (
    accounts,
    api_versions,
    databases,
    exposure,
    generic,
    grants,
    messaging,
    references,
    roles,
    settings,
    sites,
    storage,
    tags,
    vaults,
)

RULES: Final[tuple[Rule, ...]] = (
    *vaults.RULES,
    *sites.RULES,
    *grants.RULES,
    *roles.RULES,
    *generic.RULES,
    *references.RULES,
    *settings.RULES,
    *storage.RULES,
    *accounts.RULES,
    *databases.RULES,
    *messaging.RULES,
    *exposure.RULES,
    *api_versions.RULES,
    *tags.RULES,
)
