"""A whole app with its vault, its people and its tags, as a user writes it."""

import pulumi
from keyless_azure import KeylessWebApp

shop = KeylessWebApp(
    "shop",
    {
        "location": "westeurope",
        "secrets": {"DATABASE_PASSWORD": "database-password", "PAYMENT_API_KEY": "payment-api-key"},
        "secret_officers": {"vault-team": "0b1ec700-0000-4000-8000-0000000000f2"},
        "secret_readers": {"on-call": "0b1ec700-0000-4000-8000-0000000000f1"},
        "settings": {"GREETING": "hello"},
        "tags": {"team": "shop"},
    },
)
pulumi.export("url", shop.url)
pulumi.export("principal_id", shop.principal_id)
