// Two apps and a vault from TypeScript: outputs of one are inputs of the other, a token stays secret in the state.
import * as pulumi from "@pulumi/pulumi";
import { KeylessWebApp, WebApp } from "./keyless";

export function stack(token: pulumi.Input<string>) {
  const shop = new KeylessWebApp("shop", {
    location: "westeurope",
    runtime: "python-3.13",
    secrets: { DATABASE_PASSWORD: "database-password" },
    softDeleteRetentionDays: 30,
    tags: { team: "shop" },
  });
  const admin = new WebApp("admin", {
    resourceGroupName: shop.resourceGroupName,
    identity: "system-assigned",
    secrets: { DATABASE_PASSWORD: "database-password" },
    settings: { SHOP: shop.url, TOKEN: pulumi.secret(token) },
    vaultEndpoint: shop.vaultEndpoint,
    vaultId: shop.vaultId,
  });
  return { shop: shop.url, admin: admin.url, access: shop.access, principals: [shop.principalId, admin.principalId] };
}
