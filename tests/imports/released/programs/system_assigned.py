"""A whole app that runs as the identity that Azure makes with it."""

import pulumi
from keyless_azure import IdentityKind, KeylessWebApp

shop = KeylessWebApp(
    "shop",
    {
        "identity": IdentityKind.SYSTEM_ASSIGNED,
        "location": "westeurope",
        "secrets": {"DATABASE_PASSWORD": "database-password"},
    },
)
pulumi.export("url", shop.url)
pulumi.export("principal_id", shop.principal_id)
