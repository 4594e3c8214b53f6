"""Whether what a stack declares inside databases is there: SQL grants it, after the update."""

from collections.abc import Callable, Sequence

from azure.core.credentials import TokenCredential
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError

from components.contract import APPLIED_BY
from database_grants.asking import pending
from database_grants.declared import StackError, read_state
from database_grants.dialects import ServerError
from readiness.reports import DatabaseReport, NotReachableError


def pending_grants(
    state: str, stack: str, credential: Callable[[], TokenCredential]
) -> Sequence[DatabaseReport]:
    """Each step that is pending; nobody is asked where the stack has no database server and no link to one.
    `state` is what `pulumi stack export` prints. Raises NotReachableError.
    """
    remedy = f"{APPLIED_BY} --stack {stack}"
    try:
        found = pending(read_state(state), credential)
    except (
        StackError, ServerError, LookupError, ClientAuthenticationError, CredentialUnavailableError
    ) as error:  # fmt: skip
        said = str(error).strip().partition("\n")[0].rstrip(".")
        raise NotReachableError(
            f"whether database grants are pending could not be asked: {said}. Next: `{remedy} --check` as an "
            "administrator of the server, and this with --no-database-grants"
        ) from error
    return [
        DatabaseReport(host, one.database, one.words, remedy)
        for host, steps in found.items()
        for one in steps
    ]
