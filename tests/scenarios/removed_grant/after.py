"""The job may look into the archive no more."""

from components import KeylessWebApp, KeyVault, ManagedIdentity, SecretAccess

TAGS = {"team": "shop"}

shop = KeylessWebApp(
    "shop",
    {
        "secret_access": SecretAccess.SECRET,
        "secrets": {"DATABASE_PASSWORD": "database-password"},
        "tags": TAGS,
    },
)
archive = KeyVault(
    "archive",
    {
        "resource_group_name": shop.resource_group_name,
        "vault_allowed_ip_ranges": {"office": "203.0.113.0/24"},
    },
)
job = ManagedIdentity("job", {"resource_group_name": shop.resource_group_name})
