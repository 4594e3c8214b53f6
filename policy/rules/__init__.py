"""All rules, one file a subject."""

from typing import Final

from policy.rule import Rule
from policy.rules import api_versions, generic, grants, references, settings, sites, storage, tags, vaults

RULES: Final[tuple[Rule, ...]] = (
    *vaults.RULES,
    *sites.RULES,
    *grants.RULES,
    *generic.RULES,
    *references.RULES,
    *settings.RULES,
    *storage.RULES,
    *api_versions.RULES,
    *tags.RULES,
)
