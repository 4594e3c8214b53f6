"""One stack, written once, that takes the components from the wheel or from the plugin package."""

import json
from typing import Any

from toolchain.paths import ROOT

SCHEMA: dict[str, Any] = json.loads((ROOT / "components" / "schema.json").read_text(encoding="utf-8"))

IMPORTED = """
import re
import keyless_azure

def snake(key):
    return re.sub("[A-Z]", lambda c: "_" + c[0].lower(), key)

def component(kind, name, args, opts=None):
    return getattr(keyless_azure, kind)(name, {snake(k): v for k, v in args.items()}, opts)

def output(component, key):
    return getattr(component, snake(key))
"""
"""Components as Python classes of the wheel."""

SERVED = f"""
import typing
import pulumi

OUTPUTS = { ({token.rpartition(":")[2]: list(r["properties"]) for token, r in SCHEMA["resources"].items()})!r}

def component(kind, name, args, opts=None):
    outputs = OUTPUTS[kind]
    annotations = {{key: pulumi.Output[typing.Any] for key in outputs}}
    remote = type(kind, (pulumi.ComponentResource,), {{"__annotations__": annotations}})
    inputs = {{**dict.fromkeys(outputs), **args}}
    made = remote.__new__(remote)
    pulumi.ComponentResource.__init__(made, f"keyless:index:{{kind}}", name, inputs, opts, remote=True)
    return made

output = getattr
"""
"""Components behind the wire, as a generated SDK declares them."""

TEAM = """
import pulumi
from pulumi_azure_native import resources
from pulumi_random import RandomString

config = pulumi.Config()
group = resources.ResourceGroup("team", location="westeurope")
later = RandomString("later", length=8)
vault = component("KeyVault", "shared", {
    "resourceGroupName": group.name,
    "softDeleteRetentionDays": 30,
    "vaultName": None,
    "secretReaders": {"on-call": "0b1ec700-0000-4000-8000-0000000000f1"},
})
shared = component("ManagedIdentity", "shared", {"resourceGroupName": group.name, "tags": {"team": "shop"}})
grant = component("AccessGrant", "shared", {
    "principalId": output(shared, "principalId"),
    "principalName": pulumi.Output.secret("planted-person"),
    "scopeId": output(vault, "vaultId"),
    "role": "Key Vault Secrets User",
    "clientId": output(shared, "clientId"),
})
of_vault = {
    "resourceGroupName": group.name,
    "vaultId": output(vault, "vaultId"),
    "vaultEndpoint": output(vault, "endpoint"),
}
own = component("WebApp", "own", {
    **of_vault,
    "secrets": {"API_KEY": "api-key"},
    "settings": {"LATER": later.result, "TOKEN": pulumi.Output.secret("planted-token"), "PLAIN": "1"},
    "runtime": "python-3.13",
    "size": "S1",
})
guest = component("WebApp", "guest", {
    **of_vault,
    "planId": output(own, "planId"),
    "identity": "existing",
    "identityId": output(shared, "identityId"),
    "identityPrincipalId": output(shared, "principalId"),
    "identityClientId": output(shared, "clientId"),
    "secrets": {"API_KEY": "api-key"},
    "settings": later.result.apply(lambda text: {"WHOLE_MAP": text}),
}, pulumi.ResourceOptions(depends_on=[grant]))
pulumi.export("vault", output(vault, "endpoint"))
pulumi.export("principals", [output(own, "principalId"), output(guest, "principalId")])
pulumi.export("sentences", output(own, "access"))
pulumi.export("person", output(grant, "access"))
pulumi.export("later", later.result)
"""
"""Outputs of resources and components as inputs, a secret, what no first preview knows, a map as an Output,
None, an enum by value, an integer.
"""
