"""Which subscription a path is in."""

from local_azure.constants import SUBSCRIPTION_ID


def subscription_of(path: str) -> str:
    """The id of the subscription that `path` is in; that which everybody is signed in to, outside of one."""
    parts = path.lower().strip("/").split("/")
    return parts[1] if parts[0] == "subscriptions" and len(parts) > 1 else SUBSCRIPTION_ID


def scope_of(path: str) -> str:
    """The id of that subscription as a scope."""
    return f"/subscriptions/{subscription_of(path)}"
