"""A workload in a Kubernetes cluster, and the cluster, unless there is one: pods read reports and a secret as
an identity of Azure's.
"""

import pulumi
from pulumi_azure_native import resources

from components import KeyVault, KubernetesCluster, KubernetesWorkload, StorageAccount

config = pulumi.Config()
group = resources.ResourceGroup("shop")
vault = KeyVault("shop", {"resource_group_name": group.name, "generated_secrets": {"session-key": 48}})
files = StorageAccount("shop", {"resource_group_name": group.name, "containers": ["reports"]})

issuer_url: pulumi.Input[str] | None = config.get("issuer_url")
if issuer_url is None:
    cluster = KubernetesCluster(
        "shop",
        {
            "resource_group_name": group.name,
            "allowed_ip_ranges": {"office": config.require("office")},
            "administrators": {"platform": config.require("platform_group_id")},
        },
    )
    issuer_url = cluster.issuer_url
    pulumi.export("cluster", cluster.name)

shop = KubernetesWorkload(
    "shop",
    {
        "resource_group_name": group.name,
        "issuer_url": issuer_url,
        "namespace": "shop",
        "links": {
            "main": vault.secrets_link({"SESSION_KEY": "session-key"}),
            "reports": files.blobs_link("reports"),
        },
    },
)

pulumi.export("manifests", shop.manifests)
pulumi.export("pod_template", shop.pod_template)
pulumi.export("vault", vault.name)
pulumi.export("access", shop.access)
