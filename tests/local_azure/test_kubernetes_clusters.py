"""Clusters, as azure-mgmt-containerservice sees them, and what their service accounts sign in with."""

from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential

from local_azure.constants import TENANT_ID
from local_azure.container_service.issuers import CLUSTERS
from local_azure.entra.federation import Federation
from local_azure.entra.keys import SigningKey
from local_azure.errors import Refusal
from local_azure.server import LocalAzure
from tests.local_azure.cluster_stage import AUDIENCE, OPERATOR, POOL, SUBJECT, Stage
from tests.local_azure.vault_stage import refused


@pytest.fixture
def stage(local_azure: LocalAzure, deployer: ClientSecretCredential, tmp_path: Path) -> Stage:
    return Stage(local_azure, deployer, tmp_path)


def test_a_cluster_is_made_read_listed_and_deleted(stage: Stage) -> None:
    made = stage.cluster()
    assert (made.name, made.provisioning_state, made.node_resource_group) == (
        "aks-one",
        "Succeeded",
        "MC_rg-one_aks-one_westeurope",
    )
    assert stage.clusters.get("rg-one", "aks-one").fqdn == made.fqdn
    assert [one.name for one in stage.clusters.list()] == ["aks-one"]
    kubelet = made.identity_profile["kubeletidentity"]
    nodes = stage.azure.entra.principal(kubelet.object_id)
    assert nodes is not None
    assert nodes.client_id == kubelet.client_id
    assert stage.cluster().identity_profile["kubeletidentity"].object_id == kubelet.object_id
    stage.clusters.begin_delete("rg-one", "aks-one").result()
    with pytest.raises(ResourceNotFoundError):
        stage.clusters.get("rg-one", "aks-one")


def test_an_issuer_is_the_clusters_own_stays_and_publishes_its_key_to_anybody(stage: Stage) -> None:
    url = stage.cluster().oidc_issuer_profile.issuer_url
    assert url.startswith(f"https://westeurope.oic.prod-aks.azure.com/{TENANT_ID}/")
    assert url.endswith("/")
    assert stage.cluster().oidc_issuer_profile.issuer_url == url
    assert stage.cluster("aks-two").oidc_issuer_profile.issuer_url != url
    with httpx.Client() as anybody:
        configuration = anybody.get(f"{url}.well-known/openid-configuration").json()
        assert configuration["issuer"] == url
        (key,) = anybody.get(configuration["jwks_uri"]).json()["keys"]
        assert anybody.get(f"{url}openid/v1/keys").status_code == 404
    claims = jwt.decode(stage.token(), jwt.PyJWK(key).key, ["RS256"], audience=AUDIENCE, issuer=url)
    assert claims["sub"] == SUBJECT


def test_a_pods_token_is_exchanged_for_one_of_the_identity(stage: Stage) -> None:
    stage.trust(stage.cluster().oidc_issuer_profile.issuer_url)
    claims = stage.azure.entra.claims(stage.sign_in(stage.token()))
    facts = stage.identity["properties"]
    assert (claims["oid"], claims["appid"]) == (facts["principalId"], facts["clientId"])
    assert claims["aud"] == "https://vault.azure.net"


def test_p27_issuer_subject_and_audience_are_compared_letter_by_letter(stage: Stage) -> None:
    issuer = stage.cluster().oidc_issuer_profile.issuer_url
    token, beginning = stage.token(), "No matching federated identity record found for presented assertion"
    assert stage.not_signed_in(token).startswith(
        f"AADSTS70021: {beginning}. Assertion Issuer: '{issuer}'. Assertion Subject: '{SUBJECT}'. "
        f"Assertion Audience: '{AUDIENCE}'."
    )
    stage.trust(issuer.rstrip("/"))
    assert stage.not_signed_in(token) == f"AADSTS700211: {beginning} issuer '{issuer}'."
    stage.trust(issuer, audience="api://another")
    assert stage.not_signed_in(token) == f"AADSTS700212: {beginning} audience '{AUDIENCE}'."
    stage.trust(issuer, subject="system:serviceaccount:shop:other")
    assert stage.not_signed_in(token) == f"AADSTS700213: {beginning} subject '{SUBJECT}'."
    stage.trust(issuer)
    assert stage.not_signed_in(stage.token(account="another")) == (
        f"AADSTS700213: {beginning} subject 'system:serviceaccount:shop:another'."
    )
    assert stage.sign_in(token)


def test_p27_a_subject_in_another_case_is_another_subject(stage: Stage) -> None:
    stage.trust(stage.cluster().oidc_issuer_profile.issuer_url, subject=SUBJECT.replace("shop", "Shop"))
    assert stage.not_signed_in(stage.token()).startswith("AADSTS7002138: ")


def test_p27_who_has_no_resource_has_no_credential_of_anybody_else(stage: Stage) -> None:
    stage.trust(stage.cluster().oidc_issuer_profile.issuer_url)
    application = stage.azure.entra.register_identity("application", None)
    federation = Federation(stage.azure.store, stage.azure.clock, lambda _: None)
    with pytest.raises(Refusal, match="AADSTS70021: "):
        federation.check(application, stage.token())


def test_p28_a_credential_works_a_minute_after_it_was_written(stage: Stage) -> None:
    issuer = stage.cluster().oidc_issuer_profile.issuer_url
    stage.trust(issuer, waited=0)
    assert stage.not_signed_in(stage.token()).startswith("AADSTS70021: ")
    stage.azure.clock.advance(60)
    assert stage.sign_in(stage.token())
    stage.trust(issuer, waited=0)  # the same again is no new one
    assert stage.sign_in(stage.token())
    stage.trust(issuer, subject="system:serviceaccount:shop:other", waited=0)
    assert stage.not_signed_in(stage.token(account="other")).startswith("AADSTS70021: ")


def test_p29_a_token_that_the_issuer_did_not_sign_or_that_is_out_of_its_time_is_refused(stage: Stage) -> None:
    stage.trust(stage.cluster().oidc_issuer_profile.issuer_url)
    claims = jwt.decode(stage.token(), options={"verify_signature": False})
    other = SigningKey(stage.folder / "other.pem")
    assert stage.not_signed_in(other.sign(claims)).startswith("AADSTS700027: ")
    own = stage.issuers.key(claims["iss"])
    other.id = own.id  # it names the issuer's key, and is not signed with it
    assert stage.not_signed_in(other.sign(claims)).startswith("AADSTS700027: ")
    old = stage.token(seconds=600)
    stage.azure.clock.advance(601)
    assert stage.not_signed_in(old).startswith("AADSTS700024: ")
    assert stage.not_signed_in("no.such.token").startswith("AADSTS50027: ")


def test_whose_token_it_is_decides_and_not_the_client_id_alone(stage: Stage) -> None:
    stage.trust(stage.cluster().oidc_issuer_profile.issuer_url)
    stage.arm.identity(stage.group, "id-two")
    other = stage.arm("GET", f"{stage.identity['id'][:-3]}two").body
    assert isinstance(other, dict)
    with pytest.raises(ClientAuthenticationError, match="AADSTS70021: "):
        stage.sign_in(stage.token(), other["properties"]["clientId"])


def test_the_keys_of_an_issuer_on_the_internet_are_not_here_and_that_is_said(stage: Stage) -> None:
    stage.trust("https://token.actions.githubusercontent.com")
    key = SigningKey(stage.folder / "github.pem")
    now = stage.azure.clock.now()
    token = key.sign(
        {
            "iss": "https://token.actions.githubusercontent.com",
            "sub": SUBJECT,
            "aud": AUDIENCE,
            "exp": now + 60,
        }
    )
    with pytest.raises(ClientAuthenticationError) as error:
        stage.sign_in(token)
    assert "NotServedByLocalAzure" in str(error.value) or "does not serve the keys" in str(error.value)


def test_a_cluster_is_written_as_it_was_read(stage: Stage) -> None:
    """As `az aks update` does it."""
    stage.cluster()
    read = stage.clusters.get("rg-one", "aks-one").as_dict()
    written = stage.clusters.begin_create_or_update("rg-one", "aks-one", read).result().as_dict()
    assert written == read
    assert read["properties"]["servicePrincipalProfile"] == {"clientId": "msi"}
    assert read["properties"]["networkProfile"]["outboundType"] == "loadBalancer"


def test_p20_an_impossible_name_of_a_cluster_is_refused(stage: Stage) -> None:
    assert stage.refusal("aks-")[:2] == (400, "InvalidParameter")
    assert stage.refusal("a" * 64)[:2] == (400, "InvalidParameter")


def test_p21_an_issuer_that_is_on_stays_on(stage: Stage) -> None:
    stage.cluster()
    off: dict[str, Any] = {"oidcIssuerProfile": {"enabled": False}, "securityProfile": {}}
    assert stage.refusal(**off)[:2] == (400, "OIDCIssuerFeatureCannotBeDisabled")
    assert stage.cluster("aks-two", **off).oidc_issuer_profile.issuer_url is None


def test_p22_workload_identity_needs_an_issuer(stage: Stage) -> None:
    status, code, text = stage.refusal(oidcIssuerProfile={"enabled": False})
    assert (status, code) == (400, "InvalidParameter")
    assert "workloadIdentity" in text


def test_p23_without_local_accounts_entra_lets_people_in(stage: Stage) -> None:
    assert stage.refusal(disableLocalAccounts=True)[:2] == (400, "InvalidParameter")
    assert stage.refusal(aadProfile={"enableAzureRBAC": True})[:2] == (400, "InvalidParameter")
    entra = {"managed": True, "enableAzureRBAC": True}
    assert stage.cluster(disableLocalAccounts=True, aadProfile=entra).disable_local_accounts is True


def test_p24_a_kubelet_identity_of_ones_own_is_assigned_by_the_clusters_identity(stage: Stage) -> None:
    kubelet = stage.arm.identity(stage.group, "id-kubelet")
    profile = {"identityProfile": {"kubeletidentity": {"resourceId": kubelet["id"]}}}
    assert stage.refusal(**profile)[1] == "CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster"
    own: dict[str, Any] = {"type": "UserAssigned", "userAssignedIdentities": {stage.identity["id"]: {}}}
    status, code, _ = stage.refusal(**profile, identity=own)
    assert (status, code) == (400, "CustomKubeletIdentityMissingPermissionError")
    stage.give(OPERATOR, kubelet["id"])
    made = stage.cluster(**profile, identity=own).identity_profile["kubeletidentity"]
    assert made.object_id == kubelet["properties"]["principalId"]


def test_p24_a_cluster_that_runs_as_no_or_two_user_assigned_identities_is_refused(stage: Stage) -> None:
    two = [stage.identity["id"], stage.arm.identity(stage.group, "id-two")["id"]]
    kubelet = stage.arm.identity(stage.group, "id-kubelet")["id"]
    profile = {"identityProfile": {"kubeletidentity": {"resourceId": kubelet}}}
    for ids in ([], two):
        own: dict[str, Any] = {"type": "UserAssigned", "userAssignedIdentities": {id: {} for id in ids}}
        status, code, said = stage.refusal(**profile, identity=own)
        assert (status, code) == (400, "InvalidParameter"), ids
        assert f"{len(ids)} user-assigned identities" in said
    assert stage.azure.store.list(type=CLUSTERS) == []


def test_p25_without_local_accounts_nobody_gets_the_administrators_certificate(stage: Stage) -> None:
    stage.cluster(disableLocalAccounts=True, aadProfile={"managed": True})
    with pytest.raises(HttpResponseError) as error:
        stage.clusters.list_cluster_admin_credentials("rg-one", "aks-one")
    assert refused(error)[:2] == (400, "BadRequest")


def test_p26_a_cluster_has_a_system_pool_and_a_private_one_no_ranges(stage: Stage) -> None:
    assert stage.refusal(agentPoolProfiles=[{**POOL, "mode": "User"}])[:2] == (400, "InvalidParameter")
    private = {"enablePrivateCluster": True, "authorizedIPRanges": ["192.0.2.0/24"]}
    assert stage.refusal(apiServerAccessProfile=private)[:2] == (400, "InvalidParameter")
