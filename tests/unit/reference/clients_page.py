"""Which client of Azure does what on the local one, and which test shows it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from tests.clients.commands import RUN, SIGN_IN
from tests.clients.only_in_azure import ONLY_IN_AZURE
from tests.unit.reference.markdown import code, table
from toolchain.paths import ROOT

AZ_TEST: Final = "every_command_that_a_person_is_shown_works_on_the_local_azure"
CODE_TEST: Final = "a_person_signs_in_to_the_real_az_with_a_code"
LISTED: Final = "a_management_client_lists_under_the_version_that_it_asks_for_by_itself"


@dataclass(frozen=True)
class Library:
    """A client that programs use; `test` is the name of the test that shows it, without `test_`."""

    name: str
    does: str
    test: str


LIBRARIES: Final = (
    Library(
        "azure-functions",
        "functions of HTTP, timers, blobs, queues, Service Bus and Event Hubs, run by the local host",
        "f12_a_function_runs_once_its_host_may_write_and_its_queue_may_be_read",
    ),
    Library(
        "azure-identity", "`ClientSecretCredential`: the deployer", "the_deployer_signs_in_with_its_secret"
    ),
    Library(
        "azure-identity",
        "`AzureCliCredential`, `DefaultAzureCredential`: a person after `az login`",
        "azure_identity_signs_a_person_in_through_it",
    ),
    Library(
        "azure-identity",
        "`ManagedIdentityCredential`, in a program that the local App Service runs",
        "azure_identity_gets_tokens_in_the_app",
    ),
    Library(
        "azure-mgmt-resource",
        "groups, subscriptions, providers",
        "microsofts_clients_register_a_namespace_by_themselves",
    ),
    Library(
        "azure-mgmt-authorization",
        "role assignments, role definitions",
        "a_custom_role_is_made_read_changed_and_deleted",
    ),
    Library(
        "kubernetes",
        "the API of clusters",
        "p36_each_request_takes_a_data_action_at_the_cluster_or_the_namespace",
    ),
    Library(
        "azure-mgmt-containerservice",
        "clusters of Kubernetes",
        "a_cluster_is_made_read_listed_and_deleted",
    ),
    Library(
        "azure-monitor-query",
        "queries of a workspace's rows",
        "o13_a_reader_finds_rows_by_kql_and_in_the_time_that_is_asked_for",
    ),
    Library(
        "azure-mgmt-keyvault",
        "vaults, secrets, deleted vaults",
        "a_vault_is_created_read_listed_changed_and_deleted",
    ),
    Library(
        "azure-mgmt-msi",
        "user-assigned identities",
        "an_identity_is_created_read_changed_listed_and_deleted",
    ),
    Library(
        "azure-mgmt-compute",
        "virtual machines, extensions, Run Command, scale sets and their instances",
        "identities_come_and_go_while_a_machine_runs",
    ),
    Library(
        "azure-mgmt-storage",
        "accounts, containers, queues, tables",
        "an_account_is_created_read_listed_changed_and_deleted",
    ),
    Library(
        "azure-mgmt-automation",
        "automation accounts with their principals",
        "i20_a_resource_that_is_made_again_is_a_stranger",
    ),
    Library(
        "azure-mgmt-hybridcompute",
        "machines that Azure Arc connects",
        "i23_code_on_a_connected_machine_gets_tokens_as_the_machine",
    ),
    Library(
        "azure-mgmt-compute",
        "disk encryption sets",
        "c19_a_set_is_made_once_its_identity_may_use_the_key",
    ),
    Library(
        "azure-mgmt-servicebus",
        "namespaces, queues, topics, subscriptions, network rules",
        "a_namespace_is_created_read_listed_changed_and_deleted",
    ),
    Library(
        "azure-mgmt-cosmosdb",
        "accounts, databases, containers, roles on data and their assignments",
        "a_cosmos_account_is_created_read_listed_changed_and_deleted",
    ),
    Library(
        "azure-cosmos",
        "items: read, written, queried, synchronous and asynchronous",
        "who_may_write_makes_reads_changes_and_deletes_items",
    ),
    Library(
        "azure-mgmt-eventhub",
        "namespaces, hubs, consumer groups",
        "a_hub_is_created_with_its_consumer_group",
    ),
    Library(
        "azure-mgmt-eventgrid",
        "topics",
        "a_topic_is_created_read_listed_changed_and_deleted",
    ),
    Library(
        "azure-mgmt-signalr",
        "services of SignalR",
        "a_service_is_created_read_changed_and_deleted",
    ),
    Library(
        "azure-mgmt-webpubsub",
        "services of Web PubSub",
        "a_service_is_created_read_changed_and_deleted",
    ),
    Library(
        "azure-mgmt-postgresqlflexibleservers",
        "servers, databases, firewall rules",
        "d8_microsofts_client_writes_and_deletes_by_operations_under_the_version_that_is_its_own",
    ),
    Library(
        "azure-mgmt-containerinstance",
        "container groups",
        "ci1_what_a_group_was_created_with_stays",
    ),
    Library(
        "azure-mgmt-logic",
        "workflows, their triggers and runs",
        "a_workflow_is_written_read_listed_changed_and_deleted",
    ),
    Library(
        "azure-mgmt-appcontainers",
        "container apps, revisions, jobs and their executions, environments",
        "ca7_a_job_that_is_started_has_an_execution_that_tells_how_it_ended",
    ),
    Library(
        "azure-mgmt-redisenterprise",
        "Managed Redis, databases, access policy assignments",
        "microsofts_client_creates_a_cache_and_lets_somebody_in",
    ),
    Library(
        "azure-mgmt-containerregistry",
        "registries, also with roles for repositories",
        "microsofts_client_creates_a_registry_whose_roles_are_for_repositories",
    ),
    Library(
        "azure-mgmt-mysqlflexibleservers",
        "servers, databases, firewall rules",
        "y8_microsofts_client_writes_and_deletes_by_operations",
    ),
    Library(
        "azure-mgmt-sql",
        "servers, databases, firewall and subnet rules",
        "l9_microsofts_client_makes_and_deletes_databases_by_operations",
    ),
    Library(
        "azure-mgmt-privatedns",
        "private zones, their SOA record",
        "n13_a_private_zone_has_one_soa_record_from_the_start",
    ),
    Library(
        "azure-mgmt-loganalytics",
        "workspaces, deleted ones",
        "o5_a_deleted_workspace_made_again_in_its_place_is_the_old_one",
    ),
    Library(
        "azure-mgmt-monitor",
        "the activity log",
        "o6_the_activity_log_says_who_wrote_what_and_who_was_refused",
    ),
    Library("azure-mgmt-resource-locks", "locks, to list", LISTED),
    Library("azure-mgmt-network", "networks, to list", LISTED),
    Library("azure-mgmt-applicationinsights", "components, to list", LISTED),
    Library("azure-mgmt-web", "plans, sites, slots, settings", "a_site_answers_under_its_default_host_name"),
    Library(
        "azure-keyvault-secrets",
        "secrets and their versions",
        "a_secret_is_set_read_changed_listed_and_read_by_version",
    ),
    Library(
        "azure-keyvault-keys",
        "keys, their versions and rotation",
        "a_key_is_made_read_listed_changed_and_deleted",
    ),
    Library(
        "azure-keyvault-keys",
        "`CryptographyClient`: encrypts, wraps, signs",
        "what_the_vault_encrypts_and_wraps_it_opens_again",
    ),
    Library(
        "azure-keyvault-certificates",
        "certificates and their policies",
        "a_certificate_is_made_by_its_policy_read_listed_and_changed",
    ),
    Library(
        "azure-containerregistry",
        "pushes, pulls, lists and deletes images",
        "what_one_identity_pushes_another_pulls_and_each_may_do_nothing_else",
    ),
    Library(
        "azure-servicebus",
        "sends to queues and topics, receives from queues and subscriptions",
        "what_one_identity_sends_another_receives_and_each_may_do_nothing_else",
    ),
    Library(
        "azure-eventhub",
        "sends events, reads them as a consumer group",
        "what_one_identity_sends_another_reads_and_each_may_do_nothing_else",
    ),
    Library(
        "azure-eventgrid",
        "sends events of both schemas to topics",
        "a_verb_is_a_role_on_one_topic_and_not_on_its_neighbour",
    ),
    Library(
        "azure-messaging-webpubsubservice",
        "lets clients in, sends to them, groups and closes them; a web socket of `websocket-client` sees it",
        "w5_a_client_is_let_in_by_who_may_and_sees_what_is_sent",
    ),
    Library(
        "azure-monitor-ingestion",
        "sends rows by a data collection rule",
        "o9_rows_come_into_the_table_with_the_columns_that_the_stream_declares",
    ),
    Library(
        "azure-mgmt-appconfiguration",
        "stores, key values, deleted stores",
        "v7_a_deleted_store_holds_its_name_until_it_is_purged",
    ),
    Library(
        "azure-appconfiguration",
        "key values and their labels, filters, locks, revisions",
        "v6_keys_are_found_by_name_by_beginning_and_by_label",
    ),
    Library(
        "azure-appconfiguration-provider",
        "a store with the secrets that its references name",
        "the_provider_reads_a_store_and_the_secret_that_a_reference_names",
    ),
    Library(
        "azure-mgmt-cognitiveservices",
        "accounts, models, deleted accounts",
        "an_account_is_created_read_and_its_models_listed_by_azures_own_client",
    ),
    Library(
        "openai",
        "chats and embeddings, which a stand-in answers that says it is no model",
        "a_user_asks_models_of_its_account_alone_and_is_told_that_none_answers",
    ),
    Library(
        "azure-mgmt-search",
        "search services",
        "a_service_is_read_and_deleted_with_its_indexes_by_azures_own_client",
    ),
    Library(
        "azure-search-documents",
        "indexes and documents, and a small part of a search",
        "x6_words_are_found_and_filters_hold",
    ),
    Library(
        "azure-postgresql-auth",
        "a connection by `psycopg` with an identity's token",
        "a_role_without_a_grant_reads_nothing_and_a_reader_does_not_write",
    ),
    Library(
        "PyMySQL",
        "a connection with an identity's token, before MariaDB",
        "a_user_without_a_grant_reads_nothing_and_a_reader_does_not_write",
    ),
    Library(
        "mssql-python",
        "statements with a token, encrypted as before and by TDS 8",
        "l7_a_user_without_a_grant_reads_nothing_and_a_reader_does_not_write",
    ),
    Library("azure-storage-blob", "blobs", "a_blob_is_written_read_in_ranges_listed_and_deleted"),
    Library(
        "azure-storage-blob",
        "user delegation keys, and addresses that they sign",
        "i15_a_signed_address_opens_what_it_says_and_its_signer_may",
    ),
    Library(
        "azure-data-tables",
        "tables, entities, transactions",
        "entities_are_put_in_merged_replaced_and_deleted",
    ),
    Library(
        "azure-storage-file-share",
        "file shares by REST, with `token_intent`",
        "a_file_is_written_read_in_ranges_listed_and_deleted",
    ),
    Library(
        "azure-storage-queue",
        "queues and messages of a storage account",
        "messages_are_looked_at_taken_and_deleted_in_their_order",
    ),
    Library(
        "azure-native (Pulumi)",
        "every type that a component declares; the plugin is a stand-in that sends the same requests",
        "a_row_speaks_the_api_version_that_the_sdk_documents",
    ),
    Library(
        "any client of Resource Manager",
        "each api-version that Azure lists for a type that is served",
        "g9_every_version_that_azure_lists_is_served",
    ),
    Library(
        "any client of Microsoft Graph",
        "people, groups and service principals, to read",
        "principals_are_asked_for_by_their_ids_whatever_they_are",
    ),
    Library(
        "any client of Microsoft Graph",
        "app registrations, their service principals, app roles and trusted identities, to write",
        "an_application_is_made_found_changed_and_taken_away",
    ),
)

MISSING: Final = (
    ("`az login` in a browser", "the page is Microsoft's own, and no browser asks the local Azure for it"),
    ("`az deployment`, Bicep, templates", "`Microsoft.Resources/deployments` is not served"),
    (
        "extensions of `az`",
        "they come from a list of Microsoft's that is not on PyPI; none is loaded by itself",
    ),
    (
        "other writes to Microsoft Graph",
        "403, as for whoever has no role in Entra; the control side changes who is in a group",
    ),
    (
        "what an older version calls otherwise",
        "documents have the form of the newest version, whichever is asked for",
    ),
    (
        "a version that came out after the list was made",
        "refused, as Azure refuses what it does not know; "
        "`local_azure/resource_manager/make_listed_versions.py` makes the list anew",
    ),
)

_INTRODUCTION: Final = """
What a client of Azure can do on the local one, by client, with the test that shows it. It answers any client
within the services that it has; what it claims about Azure itself is in the [rules](rules.md), and whom it
lets in on [its own page](../guides/local-azure.md).
""".strip()
_AZ: Final = """
After `eval "$(make -s env)"`, `az` is signed in as the deployer, in a folder of its own: whatever you are
signed in to otherwise stays as it is. `az` has to be installed; the tests bring {version} of their own, in
`.keyless-tests/az` (500 MB). To be somebody else, run `az login --use-device-code`, and enter the code on the
page that it names, or in a second terminal:

```console
$ .venv/bin/python -m local_azure sign-in CODE --state .keyless/azure --person officer
```

Every `az` command in the documentation, and every one that a message tells you to run, is in one of these
tables; a test finds the ones that are not. With what they are run, and what they have to answer, is in
[commands.py](../../tests/clients/commands.py).
""".strip()
_ONLY: Final = "These are checked by `az`'s own parser, and not run."


def installed_clients() -> list[str]:
    """Microsoft's clients that the tests ask for by name."""
    files = ("requirements-dev.in", "app/requirements.in", "requirements.in")
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in files)
    return sorted(set(re.findall(r"^(azure-[a-z-]+)", text, re.MULTILINE)))


def clients_page() -> str:
    version = re.search(r"azure-cli==(\S+)", (ROOT / "requirements-az.in").read_text())
    assert version
    run = [(code(f"az {group}"), ", ".join(map(code, words)), code(AZ_TEST)) for group, words in _groups()]
    run.append((code(f"az {_words(SIGN_IN)}"), code(_words(SIGN_IN, 1)), code(CODE_TEST)))
    only = [(code(f"az {_words(line)}"), reason) for line, reason in ONLY_IN_AZURE.items()]
    libraries = [
        (code(one.name) if "-" in one.name else one.name, one.does, code(one.test)) for one in LIBRARIES
    ]
    return "\n\n".join(
        (
            f"# Clients of the local Azure\n\n{_INTRODUCTION}",
            f"## The `az` command line\n\n{_AZ.format(version=version[1])}",
            table(("group", "commands", "shown by"), run),
            f"### Only in Azure\n\n{_ONLY}",
            table(("command", "because"), only),
            f"## Libraries\n\n{table(('client', 'does', 'shown by'), libraries)}",
            f"## What does not work\n\n{table(('what', 'because'), MISSING)}\n",
        )
    )


def _groups() -> Iterator[tuple[str, Sequence[str]]]:
    """The first word of the commands that are run, and the others of each, once."""
    every = sorted({_words(one.line) for one in RUN})
    for group, commands in groupby(every, key=lambda words: words.split()[0]):
        yield group, [words.partition(" ")[2] or words for words in commands]


def _words(line: str, options: int = 0) -> str:
    """The words of a command before its first option, and so many options."""
    words, *rest = re.split(r" (?=-)", line)
    return " ".join((words, *rest[:options]))
