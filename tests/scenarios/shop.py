"""A shop that reads one secret, and a nightly job that looks into an archive's vault: what is deployed."""

from components import AccessGrant, KeylessWebApp, KeyVault, ManagedIdentity, Role, SecretAccess

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
AccessGrant(
    "job-archive",
    {
        "principal_id": job.principal_id,
        "role": Role.KEY_VAULT_READER,
        "scope_id": archive.vault_id,
    },
)
