// The part of the plugin package's interface that this stack uses, as `pulumi package add` would generate it.
// A test holds every line against components/schema.json.
import * as pulumi from "@pulumi/pulumi";

export type Runtime = "python-3.11" | "python-3.12" | "python-3.13";
export type IdentityKind = "user-assigned" | "system-assigned" | "existing" | "none";

export type QueueAccess = "read" | "send" | "receive" | "write";
export type SecretAccess = "vault" | "secret";
export type Role = "Key Vault Reader" | "Monitoring Metrics Publisher";

export interface KeyVaultLinkArgs {
  id: pulumi.Input<string>;
  endpoint: pulumi.Input<string>;
  secrets?: Record<string, string>;
  secretAccess?: SecretAccess;
}

export interface QueuesLinkArgs {
  id: pulumi.Input<string>;
  endpoint: pulumi.Input<string>;
  queue?: pulumi.Input<string>;
  access?: QueueAccess;
}

export interface RoleLinkArgs {
  id: pulumi.Input<string>;
  role: pulumi.Input<string | Role>;
}

export interface LinkArgs {
  keyVault?: KeyVaultLinkArgs;
  queues?: QueuesLinkArgs;
  role?: RoleLinkArgs;
  grant?: boolean;
  variables?: string;
}

export interface KeylessWebAppArgs {
  location?: pulumi.Input<string>;
  resourceGroupName?: pulumi.Input<string>;
  identity?: IdentityKind;
  runtime?: Runtime;
  secrets?: Record<string, string>;
  settings?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  size?: string;
  softDeleteRetentionDays?: number;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export class KeylessWebApp extends pulumi.ComponentResource {
  declare readonly resourceGroupName: pulumi.Output<string>;
  declare readonly url: pulumi.Output<string>;
  declare readonly vaultId: pulumi.Output<string>;
  declare readonly vaultEndpoint: pulumi.Output<string>;
  declare readonly principalId: pulumi.Output<string | undefined>;
  declare readonly access: pulumi.Output<string[]>;

  constructor(name: string, args: KeylessWebAppArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = {
      resourceGroupName: undefined,
      url: undefined,
      vaultId: undefined,
      vaultEndpoint: undefined,
      principalId: undefined,
      access: undefined,
    };
    super("keyless:index:KeylessWebApp", name, { ...outputs, ...args }, opts, true);
  }
}

export interface WebAppArgs {
  resourceGroupName: pulumi.Input<string>;
  identity?: IdentityKind;
  links?: Record<string, LinkArgs>;
  planId?: pulumi.Input<string>;
  runtime?: Runtime;
  secrets?: Record<string, string>;
  settings?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  size?: string;
  vaultEndpoint?: pulumi.Input<string>;
  vaultId?: pulumi.Input<string>;
}

export class WebApp extends pulumi.ComponentResource {
  declare readonly planId: pulumi.Output<string>;
  declare readonly url: pulumi.Output<string>;
  declare readonly principalId: pulumi.Output<string | undefined>;

  constructor(name: string, args: WebAppArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = { planId: undefined, url: undefined, principalId: undefined };
    super("keyless:index:WebApp", name, { ...outputs, ...args }, opts, true);
  }
}

export interface StorageAccountArgs {
  resourceGroupName?: pulumi.Input<string>;
  queues?: string[];
}

export class StorageAccount extends pulumi.ComponentResource {
  declare readonly accountId: pulumi.Output<string>;
  declare readonly queueEndpoint: pulumi.Output<string>;

  constructor(name: string, args: StorageAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = { accountId: undefined, queueEndpoint: undefined };
    super("keyless:index:StorageAccount", name, { ...outputs, ...args }, opts, true);
  }
}

export interface ManagedIdentityArgs {
  resourceGroupName?: pulumi.Input<string>;
}

export class ManagedIdentity extends pulumi.ComponentResource {
  declare readonly principalId: pulumi.Output<string>;
  declare readonly clientId: pulumi.Output<string>;

  constructor(name: string, args: ManagedIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = { principalId: undefined, clientId: undefined };
    super("keyless:index:ManagedIdentity", name, { ...outputs, ...args }, opts, true);
  }
}

export interface WorkloadAccessArgs {
  principalId: pulumi.Input<string>;
  links: Record<string, LinkArgs>;
  clientId?: pulumi.Input<string>;
}

export class WorkloadAccess extends pulumi.ComponentResource {
  declare readonly environment: pulumi.Output<Record<string, string>>;
  declare readonly secretUris: pulumi.Output<Record<string, string>>;
  declare readonly access: pulumi.Output<string[]>;

  constructor(name: string, args: WorkloadAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = { environment: undefined, secretUris: undefined, access: undefined };
    super("keyless:index:WorkloadAccess", name, { ...outputs, ...args }, opts, true);
  }
}
