"""What was a reference to a secret becomes a setting in clear."""

from components import AccessGrant, KeylessWebApp, KeyVault, ManagedIdentity, Role

TAGS = {"team": "shop"}

shop = KeylessWebApp(
    "shop",
    {
        "settings": {"DATABASE_PASSWORD": "in-clear"},
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
AccessGrant(
    "job-archive",
    {
        "principal_id": job.principal_id,
        "role": Role.KEY_VAULT_READER,
        "scope_id": archive.vault_id,
    },
)
