"""Database servers: tokens of Entra open them, and no password does."""

from collections.abc import Iterator
from typing import Final

from access_report.resources import UNKNOWN, Resource
from policy.reading import at
from policy.rule import Options, ResourceRule, Rule

_POSTGRES: Final = "dbforpostgresql:Server"


def _passwords(resource: Resource, _: Options) -> Iterator[str]:
    passwords, tokens = (
        at(resource, "authConfig.passwordAuth"),
        at(resource, "authConfig.activeDirectoryAuth"),
    )
    server = f"PostgreSQL server {resource.name}"
    if passwords != UNKNOWN and str(passwords).lower() != "disabled":
        yield f"{server} is opened by passwords: authConfig.passwordAuth is not Disabled"
    if tokens != UNKNOWN and str(tokens).lower() != "enabled":
        yield (f"{server} takes no tokens: authConfig.activeDirectoryAuth is not Enabled")


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="postgres-no-password",
        what="A PostgreSQL server is opened by Entra's tokens alone, and by no password.",
        why="A password is good for whoever has it, and where nothing is said one opens the server.",
        source="https://learn.microsoft.com/azure/postgresql/security/security-entra-configure",
        step="Set authConfig.passwordAuth to Disabled and authConfig.activeDirectoryAuth to Enabled.",
        types=(_POSTGRES,),
        judge=_passwords,
    ),
)
