"""Scopes: what is at another one or below it.

https://learn.microsoft.com/azure/role-based-access-control/scope-overview
"""


def covers(scope: str, wanted: str) -> bool:
    """Whether `wanted` is `scope` or below it; the root, `/`, covers everything. Case means nothing."""
    upper, lower = scope.rstrip("/").lower(), wanted.rstrip("/").lower()
    return lower == upper or lower.startswith(upper + "/")
