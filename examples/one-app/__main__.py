"""One app in one stack: what is not said is secure, and what it needs is derived from one map."""

import pulumi

from components import KeylessWebApp

shop = KeylessWebApp("shop", {"secrets": {"DATABASE_PASSWORD": "database-password"}})

pulumi.export("url", shop.url)
pulumi.export("vault", shop.vault_name)
pulumi.export("access", shop.access)
