// Two apps and a vault from TypeScript: outputs of one are inputs of the other, a token stays secret in the state.
// An app and a workload that is declared elsewhere reach one queue by links, each with the verb that it needs.
import * as pulumi from "@pulumi/pulumi";
import { KeylessWebApp, LinkArgs, ManagedIdentity, StorageAccount, WebApp, WorkloadAccess } from "./keyless";

export function stack(token: pulumi.Input<string>) {
  const shop = new KeylessWebApp("shop", {
    location: "westeurope",
    runtime: "python-3.13",
    secrets: { DATABASE_PASSWORD: "database-password" },
    softDeleteRetentionDays: 30,
    tags: { team: "shop" },
  });
  const files = new StorageAccount("files", { resourceGroupName: shop.resourceGroupName, queues: ["orders"] });
  const orders = { id: files.accountId, endpoint: files.queueEndpoint, queue: "orders" };
  const main: LinkArgs = {
    keyVault: { id: shop.vaultId, endpoint: shop.vaultEndpoint, secrets: { API_KEY: "api-key" }, secretAccess: "secret" },
  };
  const admin = new WebApp("admin", {
    resourceGroupName: shop.resourceGroupName,
    identity: "system-assigned",
    links: {
      main,
      orders: { queues: { ...orders, access: "send" } },
      names: { role: { id: shop.vaultId, role: "Key Vault Reader" } },
    },
    secrets: { DATABASE_PASSWORD: "database-password" },
    settings: { SHOP: shop.url, TOKEN: pulumi.secret(token) },
    vaultEndpoint: shop.vaultEndpoint,
    vaultId: shop.vaultId,
  });
  const identity = new ManagedIdentity("nightly", { resourceGroupName: shop.resourceGroupName });
  const nightly = new WorkloadAccess("nightly", {
    principalId: identity.principalId,
    clientId: identity.clientId,
    links: { main, orders: { queues: { ...orders, access: "receive" } } },
  });
  return {
    nightly: { environment: nightly.environment, secrets: nightly.secretUris, access: nightly.access },
    shop: shop.url,
    admin: admin.url,
    access: shop.access,
    principals: [shop.principalId, admin.principalId],
  };
}
