"""Database servers: tokens of Entra open them, and no password does."""

from collections.abc import Iterator
from typing import Final

from access_report.resources import UNKNOWN, Resource
from policy.reading import at
from policy.rule import Options, ResourceRule, Rule

_POSTGRES: Final = "dbforpostgresql:Server"
_MYSQL: Final = "dbformysql:Server"
_MYSQL_PARAMETER: Final = "dbformysql:Configuration"
_SQL: Final = "sql:Server"
_SQL_SWITCH: Final = "sql:ServerAzureADOnlyAuthentication"


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


def _mysql_passwords(resource: Resource, _: Options) -> Iterator[str]:
    if resource.type.endswith(_MYSQL):
        for given in ("administratorLogin", "administratorLoginPassword"):
            if at(resource, given) is not None:
                yield f"MySQL server {resource.name} has an administrator with a password: {given} is given"
    elif at(resource, "configurationName") == "aad_auth_only" and _is_off(resource):
        yield f"MySQL server of {resource.name} is opened by passwords: aad_auth_only is not ON"


def _mysql_tls(resource: Resource, _: Options) -> Iterator[str]:
    if at(resource, "configurationName") == "require_secure_transport" and _is_off(resource):
        yield (
            f"MySQL server of {resource.name} takes connections without TLS: require_secure_transport is "
            "not ON"
        )


def _is_off(resource: Resource) -> bool:
    value = at(resource, "value")
    return value != UNKNOWN and str(value).upper() != "ON"


def _sql_passwords(resource: Resource, _: Options) -> Iterator[str]:
    if resource.type.endswith(_SQL_SWITCH):
        if at(resource, "azureADOnlyAuthentication") not in (True, UNKNOWN):
            yield (
                f"SQL server of {resource.name} is opened by passwords: azureADOnlyAuthentication is not true"
            )
        return
    only, login = at(resource, "administrators.azureADOnlyAuthentication"), at(resource, "administratorLogin")
    server = f"SQL server {resource.name}"
    if only is not True and only != UNKNOWN:
        yield f"{server} is opened by passwords: administrators.azureADOnlyAuthentication is not true"
    if login is not None and login != UNKNOWN:
        yield f"{server} has a login with a password: administratorLogin"


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
    ResourceRule(
        id="mysql-no-password",
        what="A MySQL server has no administrator with a password, and takes Entra's tokens alone.",
        why="A password is good for whoever has it; a server is created without one where none is given.",
        source="https://learn.microsoft.com/azure/mysql/flexible-server/how-to-azure-ad",
        step="Take administratorLogin and administratorLoginPassword out, and set aad_auth_only to ON.",
        types=(_MYSQL, _MYSQL_PARAMETER),
        judge=_mysql_passwords,
    ),
    ResourceRule(
        id="mysql-tls-only",
        what="A MySQL server takes no connection without TLS.",
        why="A token that is sent in the clear is good for whoever reads it, for up to a day.",
        source="https://learn.microsoft.com/azure/mysql/flexible-server/how-to-connect-tls-ssl",
        step="Set require_secure_transport to ON.",
        types=(_MYSQL_PARAMETER,),
        judge=_mysql_tls,
    ),
    ResourceRule(
        id="sql-no-password",
        what="An Azure SQL server is opened by Entra's tokens alone, and by no password.",
        why="A password is good for whoever has it; with Entra-only authentication there is none to know.",
        source="https://learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication",
        step="Set azureADOnlyAuthentication to true, and leave administratorLogin out.",
        types=(_SQL, _SQL_SWITCH),
        judge=_sql_passwords,
    ),
)
