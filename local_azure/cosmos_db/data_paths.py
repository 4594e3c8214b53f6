"""Where a role of Cosmos DB's own is for: an account, a database or a container, as paths of the data plane.

https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security
"""

import re
from typing import Final

from local_azure.errors import Refusal

ACCOUNT: Final = ""
"""The path of the account itself."""
_PATH: Final = re.compile(r"(?:/dbs/[^/]+(?:/colls/[^/]+)?)?")


def path_in(account_id: str, scope: str) -> str:
    """The path in a scope, which is a whole id or a path alone, such as `/dbs/shop`. Raises Refusal 400 for
    what is in no such place of the account."""
    text = scope.rstrip("/")
    inside = text[len(account_id) :] if text.lower().startswith(account_id.lower()) else text
    if _PATH.fullmatch(inside) is None:
        first = inside.strip("/").partition("/")[0]
        raise Refusal(
            400, "BadRequest",
            f"Could not parse property [scope] with value [{scope}] as [FullyQualifiedResourcePath]: "
            f"Expected path segment [dbs] at position [0] but found [{first}].",
        )  # fmt: skip
    return inside


def is_within(path: str, wanted: str) -> bool:
    """Whether `wanted` is that path or below it. Names of databases and containers differ in case."""
    return wanted == path or wanted.startswith(f"{path}/")
