"""A workflow that asks a partner with a key of a vault, and writes the answer into a container."""

import pulumi
from pulumi_azure_native import resources

from components import BlobAccess, KeyVault, LogicApp, StorageAccount

ANSWERS = "@{parameters('ANSWERS_ENDPOINT')}@{parameters('ANSWERS_CONTAINER')}"
"""Where the link's parameters say that the container is."""

config = pulumi.Config()
group = resources.ResourceGroup("orders")
vault = KeyVault("orders", {"resource_group_name": group.name})
answers = StorageAccount("orders", {"resource_group_name": group.name, "containers": ["answers"]})

orders = LogicApp(
    "orders",
    {
        "resource_group_name": group.name,
        "links": {
            "main": vault.secrets_link({"PARTNER_KEY": "partner-key"}),
            "answers": answers.blobs_link("answers", BlobAccess.WRITE),
        },
        "callers": {
            "shop": {
                "object_id": config.require("caller_id"),
                "audience": config.require("registration"),
            }
        },
        "definition": {
            "triggers": {"order": {"type": "Request", "kind": "Http", "inputs": {}}},
            "actions": {
                "Read_key": {
                    "type": "Http",
                    "inputs": {
                        "method": "GET",
                        "uri": "@{parameters('PARTNER_KEY_URI')}?api-version=7.4",
                        "authentication": {"link": "main"},
                    },
                },
                "Ask_partner": {
                    "type": "Http",
                    "runAfter": {"Read_key": ["Succeeded"]},
                    "inputs": {
                        "method": "POST",
                        "uri": "https://partner.example/orders",
                        # An expression: the key is in no program, no state and no history.
                        "headers": {"x-api-key": "@{body('Read_key')?['value']}"},
                        "body": "@triggerBody()",
                    },
                },
                "Keep_answer": {
                    "type": "Http",
                    "runAfter": {"Ask_partner": ["Succeeded"]},
                    "inputs": {
                        "method": "PUT",
                        "uri": f"{ANSWERS}/@{{guid()}}.json",
                        "headers": {"x-ms-version": "2023-11-03", "x-ms-blob-type": "BlockBlob"},
                        "body": "@body('Ask_partner')",
                        "authentication": {"link": "answers"},
                    },
                },
            },
        },
    },
)

pulumi.export("url", orders.trigger_urls.apply(lambda urls: urls["order"]))
pulumi.export("access", orders.access)
pulumi.export("deployer_contract", orders.deployer_contract)
