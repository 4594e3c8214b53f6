// The part of the plugin package's interface that this stack uses, as `pulumi package add` would generate it.
// A test holds every line against components/schema.json.
import * as pulumi from "@pulumi/pulumi";

export type Runtime = "python-3.11" | "python-3.12" | "python-3.13";
export type IdentityKind = "user-assigned" | "system-assigned" | "existing" | "none";

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
