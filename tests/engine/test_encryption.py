"""A key of one's own through the real engine: on six services, late, rotated, taken away and given back (C10
C13)."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.keyvault.keys import KeyClient
from azure.storage.blob import BlobServiceClient

from local_azure.constants import OFFICER, VAULT_OFFICERS
from local_azure.server import LocalAzure
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.local_azure.storage_stage import words_of
from tests.local_azure.vault_stage import Holder
from toolchain.paths import ROOT

ALL = "storage bus cosmos registry store"
"""And the disks, which have no key but one of yours."""
HOUR = 3_600
ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import (
    AppConfiguration, ContainerRegistry, CosmosAccount, DiskEncryptionSet, KeyVault, ServiceBus,
    StorageAccount,
)

encrypted = (pulumi.Config().get("encrypted") or "").split()
group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name}}
vault = KeyVault("shop", {{
    **where,
    "generated_keys": {{"data": {{"purpose": "wrap"}}}},
    "key_officers": {{"officers": "{VAULT_OFFICERS.object_id}"}},
}})

def key(of):
    return {{"encryption": vault.encryption_key("data")}} if of in encrypted else {{}}

files = StorageAccount("files", {{
    **where, **key("storage"), "containers": ["reports"],
    "blob_writers": {{"officers": "{VAULT_OFFICERS.object_id}"}},
}})
ServiceBus("bus", {{**where, **key("bus"), "tier": "premium", "queues": ["orders"]}})
ContainerRegistry("images", {{**where, **key("registry"), "tier": "premium"}})
ContainerRegistry("plain", {{**where, **key("plain"), "tier": "premium"}})
DiskEncryptionSet("disks", {{**where, "encryption": vault.encryption_key("data")}})
AppConfiguration("settings", {{**where, **key("store")}})
CosmosAccount("orders", {{**where, **key("cosmos"), "location": "westeurope"}})
later = StorageAccount("later", {{
    **where, **key("later"), "containers": ["reports"],
    "blob_writers": {{"officers": "{VAULT_OFFICERS.object_id}"}},
}})
pulumi.export("vault", vault.endpoint)
pulumi.export("files", files.endpoint)
pulumi.export("files_id", files.account_id)
pulumi.export("later", later.endpoint)
pulumi.export("access", later.access)
"""


def shop(engine: AttachedEngine, cloud: LocalAzure, folder: Path, encrypted: str) -> Loop:
    return given_program(Loop, engine, cloud, folder, PROGRAM, {"keyless:encrypted": encrypted})


def way(loop: Loop) -> dict[str, Any]:
    return {
        "proxies": {"https": loop.cloud.proxy_url},
        "connection_verify": loop.cloud.addresses.authority,
        "retry_total": 0,
    }


def officer(loop: Loop) -> Holder:
    principal = loop.cloud.azure.entra.principal(OFFICER.object_id)
    assert principal is not None
    return Holder(loop.cloud.azure, principal)


def blobs(loop: Loop, account: str = "files") -> Any:
    service = BlobServiceClient(loop.stack.outputs()[account], credential=officer(loop), **way(loop))
    return service.get_container_client("reports")


def code(attempt: Any) -> str:
    with pytest.raises(HttpResponseError) as error:
        attempt()
    assert error.value.status_code == 403
    return str(words_of(error.value)[1])


def test_six_services_encrypt_with_a_key_that_is_late_rotated_taken_away_given_back_and_given_up(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    """One stack for all of it: most of what this costs is making the six services."""
    cloud.azure.authorizer.set_propagation(requests=1)
    loop = shop(engine, cloud, tmp_path, ALL)
    loop.stack.up("--skip-preview")
    six_services_encrypt(loop)
    loop.stack.preview("--expect-no-changes", "--refresh")
    for account in ("files", "later"):
        upload = partial(blobs(loop, account).upload_blob, "before.txt", b"before")
        assert code(upload) == "AuthorizationPermissionMismatch"  # the officer's grant is late, too
        upload()

    # A registry takes a key when it is made, and never gives it up: refused before anything changes.
    refused(loop, f"{ALL} plain", "ContainerRegistry 'plain' has one problem")
    refused(loop, ALL.replace("registry ", ""), "ContainerRegistry 'images' has one problem")

    # A storage account takes one later and goes back.
    encrypt(loop, f"{ALL} later")
    (sentence,) = [one for one in loop.stack.outputs()["access"] if "Encryption User" in one]
    assert sentence.startswith("Identity id-later-encryption-local-")
    is_followed_and_missed(loop)
    encrypt(loop, ALL)
    assert blobs(loop, "later").download_blob("before.txt").readall() == b"before"
    assert len(users(loop)) == 6
    identities = [one.id for one in cloud.azure.store.list() if one.type.endswith("/userAssignedIdentities")]
    assert (len(identities), [id for id in identities if "id-later-" in id]) == (6, [])

    loop.stack.destroy()
    left = loop.session.control("/leftovers")
    assert (left["resources"], left["role_assignments"], left["orphans"]) == ([], [], [])


def encrypt(loop: Loop, encrypted: str) -> None:
    loop.stack.write_configuration({"encrypted": encrypted})
    loop.stack.up("--skip-preview")


def refused(loop: Loop, encrypted: str, words: str) -> None:
    loop.stack.write_configuration({"encrypted": encrypted})
    with pytest.raises(EngineError) as error:
        loop.stack.preview()
    assert words in str(error.value)


def users(loop: Loop) -> list[tuple[str, str, str]]:
    return [grant for grant in loop.grants() if grant[0] == ENCRYPTION_USER]


def six_services_encrypt(loop: Loop) -> None:
    by_type = {one.type.rpartition("/")[2]: one.body for one in loop.cloud.azure.store.list()}
    assert len({principal for _, principal, _ in users(loop)}) == len(users(loop)) == 6
    assert {scope.rpartition("/vaults/")[2].partition("/")[2] for _, _, scope in users(loop)} == {"keys/data"}
    (account,) = [
        one.body["properties"]["encryption"]
        for one in loop.cloud.azure.store.list()
        if one.id == loop.stack.outputs()["files_id"]
    ]
    assert account["keySource"] == "Microsoft.Keyvault"
    whole = {"enabled": True, "keyType": "Account"}
    assert account["services"]["queue"] == account["services"]["table"] == whole
    assert by_type["databaseAccounts"]["properties"]["keyVaultKeyUri"].endswith("/keys/data")
    assert by_type["diskEncryptionSets"]["properties"]["rotationToLatestKeyVersionEnabled"] is True


def is_followed_and_missed(loop: Loop) -> None:
    """A rotation is felt by nobody; without its key an account answers nobody, and with it everybody."""
    keys: Any = KeyClient(loop.stack.outputs()["vault"], officer(loop), **way(loop))
    with pytest.raises(HttpResponseError, match="ForbiddenByRbac"):  # the first time, as above
        keys.rotate_key("data")
    rotated = keys.rotate_key("data").properties.version
    both = [blobs(loop), blobs(loop, "later")]
    assert [one.download_blob("before.txt").readall() for one in both] == [b"before"] * 2
    keys.update_key_properties("data", rotated, enabled=False)
    assert [one.download_blob("before.txt").readall() for one in both] == [b"before"] * 2
    loop.cloud.azure.clock.advance(HOUR)
    codes = [code(partial(one.download_blob, "before.txt")) for one in both]
    assert codes == ["KeyVaultEncryptionKeyNotFound"] * 2
    keys.update_key_properties("data", rotated, enabled=True)
    assert [one.download_blob("before.txt").readall() for one in both] == [b"before"] * 2
