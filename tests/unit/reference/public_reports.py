"""What people reported of doing this by hand or with other tools, tried on these components."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.unit.reference.markdown import table, words
from tests.unit.reference.matrix_page import sentence

_INTRODUCTION: Final = """
People who run apps on Azure have written in public what went wrong with secrets, identities and grants. These
are such reports, tried with the components and settings here. Each row says what was tried, what
is right, and the test that holds it. What is not in the table is not claimed.
""".strip()


@dataclass(frozen=True)
class Case:
    """`held_by` are the ids of the tests that fail when it is not so."""

    tried: str
    right: str
    held_by: Sequence[str]


_UNIT, _PROGRAM = "tests/unit/components/", "tests/unit/program/"
CASES: Final[Mapping[str, Sequence[Case]]] = {
    "Components and Azure": (
        Case(
            "tags that differ in case only, more than 50, with characters or lengths that Azure refuses",
            "refused by name before anything is declared, or when they are known",
            (
                f"{_UNIT}test_tags_that_azure_refuses.py::test_each_is_named_with_what_azure_takes",
                f"{_UNIT}test_tags_that_azure_refuses.py::test_tags_that_are_known_later_are_refused_then",
            ),
        ),
        Case(
            "`ignore_changes` and other options on a component that reach no child",
            "refused before anything is declared",
            (
                f"{_UNIT}test_options_reach_children.py"
                "::test_an_option_that_reaches_no_child_is_refused_before_anything_is_declared",
            ),
        ),
        Case(
            "an existing vault that role assignments do not open, as it is in access-policy mode",
            "refused, with the way out",
            (
                "tests/engine/test_access_policies.py"
                "::test_roles_switched_off_with_a_policy_for_a_stranger_or_for_an_identity_that_is_to_come",
            ),
        ),
        Case(
            "an argument that is taken out again: a health check, ranges of addresses, a subnet",
            "refused in the preview where Azure would keep it, with the value that takes it back",
            (
                f"{_UNIT}test_taken_out.py"
                "::test_what_is_taken_out_is_as_never_given_or_is_refused_with_the_way_there",
                "tests/engine/test_taken_out.py"
                "::test_what_is_taken_out_is_refused_until_it_is_taken_back_and_then_nothing_of_it_is_left",
            ),
        ),
        Case(
            "an identity that somebody deleted by hand, and `pulumi up --refresh`",
            "it and its grant come back; an app that has the dead one is refused, with the commands to run",
            (
                "tests/engine/test_deleted_identity.py"
                "::test_an_identity_deleted_by_hand_comes_back_with_its_grant_and_the_app_gets_it_by_the_named"
                "_commands",
            ),
        ),
        Case(
            "a plan that goes to a size without what its app uses",
            "refused with the two runs that lead there: in the preview, where the engine can know it",
            (
                f"{_UNIT}test_site_changes.py"
                "::test_a_size_without_what_the_app_uses_is_refused_before_the_plan_is_changed",
            ),
        ),
        Case(
            "a private endpoint for a network in another region",
            "has an argument for its region",
            (
                f"{_UNIT}test_private_endpoint_location.py"
                "::test_an_endpoint_is_in_the_region_that_is_given_and_else_in_that_of_its_target",
            ),
        ),
        Case(
            "a plan in another resource group for an app that exists",
            "refused in the preview",
            (f"{_UNIT}test_site_changes.py::test_a_plan_in_another_group_or_subscription_is_refused",),
        ),
    ),
    "Configuration for each environment": (
        Case(
            "`settings: {COST_CENTER: 0012345}`, a version `1.0`, a tag that is a number",
            "as it was written, or refused with what to put in quotes",
            (
                f"{_PROGRAM}test_written.py::test_a_setting_is_what_was_written",
                f"{_PROGRAM}test_written.py::test_what_yaml_reads_as_something_else_is_refused",
                f"{_PROGRAM}test_written.py::test_a_whole_number_is_the_one_that_was_written",
            ),
        ),
        Case(
            "a project that gets another name, with the keys of the old one in its stack files",
            "no key is passed over, and nothing is made anew",
            (
                f"{_PROGRAM}test_keys.py::test_keys_of_a_project_that_got_another_name_are_not_forgotten",
                "tests/engine/test_renamed_project.py"
                "::test_a_renamed_project_changes_nothing_and_forgets_no_key",
            ),
        ),
        Case(
            "`keylss:size`, and a key that no program reads",
            "refused, with the command that takes it out",
            (
                f"{_PROGRAM}test_keys.py::test_a_misspelt_name_of_the_project_is_refused",
                f"{_PROGRAM}test_keys.py::test_a_key_that_no_program_reads_is_taken_out_of_the_file",
            ),
        ),
        Case(
            "`azure-native:subscriptionId` and `azure-native:location` in a stack file",
            "refused, with the key to write in their place",
            (f"{_PROGRAM}test_keys.py::test_a_key_of_the_provider_is_moved_to_the_stacks_own",),
        ),
        Case(
            "a secret among `settings`, taken out by the command of the message",
            "its neighbours stay",
            (f"{_PROGRAM}test_written.py::test_one_secret_entry_goes_and_its_neighbours_stay",),
        ),
    ),
    "The commands, as a stranger gets them": (
        Case(
            '`eval "$(make -s env)"`, then `pulumi config set` and `pulumi up`',
            "the lines select the stack",
            ("tests/unit/loop/test_env.py::test_the_lines_of_make_env_select_the_stack",),
        ),
        Case(
            "`pip` and `npm` with the lines of `make env`, or started by Pulumi's own language host",
            "they reach their registries, as the machine does; no name of Azure's gets out",
            (
                "tests/local_azure/test_outside.py::test_a_registry_is_reached_directly_and_the_log_says_so",
                "tests/local_azure/test_outside.py"
                "::test_a_registry_is_reached_through_the_proxy_of_the_machine_as_its_user",
                "tests/local_azure/test_outside.py"
                "::test_every_name_that_is_served_is_one_that_is_never_let_out",
            ),
        ),
        Case(
            "`make test` without npm or a browser",
            "the last line says what to install; in a pipeline it fails",
            (
                "tests/unit/test_proofs.py::test_the_last_line_says_once_what_to_install",
                "tests/unit/test_proofs.py::test_a_pipeline_fails_where_a_proof_is_left_out",
            ),
        ),
        Case(
            "a plugin and a policy pack, started by Pulumi's own language host or by ours",
            "both start them at the same place",
            (
                "tests/toolchain/test_engine_runs.py"
                "::test_a_program_uses_a_component_plugin_that_runs_where_the_engine_says",
                "tests/toolchain/test_engine_runs.py::test_a_policy_pack_starts_in_its_own_folder",
            ),
        ),
        Case(
            "the package that Pulumi generates for Node.js",
            "is `@keyless-azure/keyless`, and none of Pulumi's own",
            (
                "tests/unit/components/test_schema.py::test_what_is_generated_is_not_one_of_pulumis_own_packages",
            ),
        ),
    ),
    "Clients that nobody here wrote": (
        Case(
            "`config/` documents with connection strings, keys and publishing passwords",
            "listed by who may list them, and not given out where basic publishing is off",
            (
                "tests/local_azure/test_config_documents.py::test_a32_documents_with_secrets_are_listed_by_who_may_list_them",
                "tests/local_azure/test_config_documents.py::test_a34_no_password_is_given_out_where_basic_publishing_is_off",
            ),
        ),
        Case(
            "keys of a storage account",
            "refused where they are off, and to a reader",
            (
                "tests/local_azure/test_storage_keys.py::test_i12_keys_are_not_given_out_where_they_are_off",
                "tests/local_azure/test_storage_keys.py::test_i12_a_reader_is_given_no_key",
            ),
        ),
        Case(
            "a swap of slots, stop, start",
            "moves code and settings and leaves identities; a stopped site runs nothing",
            (
                "tests/local_azure/test_slot_swaps.py::test_a35_a_swap_moves_code_and_settings_and_leaves_sticky_ones",
                "tests/local_azure/test_slot_swaps.py::test_a35_a_swap_leaves_identities_and_network_rules_where_they_are",
                "tests/local_azure/test_site_actions.py::test_a31_a_stopped_site_runs_nothing_until_it_is_started",
            ),
        ),
        Case(
            "federated credentials of an identity",
            "written, read, listed and deleted, within Azure's limits",
            (
                "tests/local_azure/test_federated_credentials.py::test_a_federated_credential_is_written_read_listed_and_deleted",
                "tests/local_azure/test_federated_credentials.py::test_i11_an_identity_has_twenty_federated_credentials",
            ),
        ),
        Case(
            "the activity log",
            "says who wrote what, and who was refused",
            (
                "tests/local_azure/test_activity_log.py::test_o6_the_activity_log_says_who_wrote_what_and_who_was_refused",
            ),
        ),
        Case(
            "a secret's backup",
            "restored with every version, and not over a secret that is there",
            (
                "tests/local_azure/test_secret_backup.py::test_s9_a_backup_is_restored_with_every_version",
                "tests/local_azure/test_secret_backup.py::test_s9_a_backup_is_not_restored_over_a_secret",
            ),
        ),
        Case(
            "the `az` command line from PyPI, with every command that a page or a message shows",
            "each does what is printed beside it, or is listed with what it lacks here",
            (
                "tests/clients/test_az.py"
                "::test_every_command_that_a_person_is_shown_works_on_the_local_azure",
                "tests/clients/test_az.py::test_each_command_that_a_person_is_shown_is_run_or_has_a_reason",
            ),
        ),
        Case(
            '`az` after `eval "$(make -s env)"`, by somebody who is signed in to Azure',
            "is the deployer of the local Azure, and the other sign-in stays as it is",
            (
                "tests/clients/test_az.py"
                "::test_whoever_knows_only_az_is_signed_in_by_it_and_stays_signed_in_elsewhere",
                "tests/local_azure/test_az.py"
                "::test_any_other_command_is_the_real_ones_and_without_it_refused_rather_than_faked",
            ),
        ),
        Case(
            "`az login --use-device-code`",
            "signs in whoever enters the code with a password; a code is good once, for fifteen minutes",
            (
                "tests/clients/test_az.py::test_a_person_signs_in_to_the_real_az_with_a_code",
                "tests/local_azure/test_device_codes.py::test_e4_a_code_is_good_once_and_for_fifteen_minutes",
                "tests/local_azure/test_device_codes.py"
                "::test_who_reaches_the_page_without_a_password_signs_nobody_in",
            ),
        ),
        Case(
            "api-versions that no client here sends: identities of 2025-05-31-preview, `/resources` of 2015",
            "every one that Azure lists is served, and the refusal of another names those",
            (
                "tests/local_azure/test_resource_manager.py::test_g9_every_version_that_azure_lists_is_served",
                "tests/local_azure/test_resource_manager.py"
                "::test_g9_a_version_that_azure_does_not_list_is_answered_with_those_that_it_does",
                "tests/local_azure/test_management_clients.py"
                "::test_a_management_client_lists_under_the_version_that_it_asks_for_by_itself",
            ),
        ),
        Case(
            "tokens for `https://graph.microsoft.com`; `az role assignment list`, which reads names there",
            "people, groups and service principals are found by their ids; nothing is written",
            (
                "tests/local_azure/test_graph.py"
                "::test_principals_are_asked_for_by_their_ids_whatever_they_are",
                "tests/local_azure/test_graph.py::test_e1_a_managed_identity_may_not_read_the_directory",
                "tests/local_azure/test_graph.py::test_the_directory_is_written_by_nobody",
            ),
        ),
        Case(
            "status of a created component of Application Insights and of a diagnostic setting",
            "200, as the specification has it",
            (
                "tests/local_azure/test_insights.py"
                "::test_components_and_diagnostic_settings_are_created_with_the_one_status_of_their_specification",
            ),
        ),
    ),
    "The local Azure's page": (
        Case(
            "a request is refused, and nobody knows which assignment is missing",
            "the page names action, scope, what the caller has, and the assignment as a command that helps",
            (
                "tests/local_azure/test_page.py"
                "::test_a_refusal_names_the_action_the_scope_and_the_assignment_that_is_missing",
                "tests/local_azure/test_page.py::test_resource_manager_and_storage_say_why_too",
            ),
        ),
        Case(
            "resources are listed by id, requests in one long table",
            "a tree with names, and requests by caller",
            (
                "tests/local_azure/test_page.py"
                "::test_what_exists_is_a_tree_with_names_and_the_ids_beside_them",
                "tests/local_azure/test_page.py"
                "::test_requests_stand_by_caller_and_one_with_a_refusal_is_open",
            ),
        ),
    ),
}


def public_reports_page() -> str:
    sections = [f"## {title}\n\n{_table(cases)}" for title, cases in CASES.items()]
    return "\n\n".join(["# What people reported", _INTRODUCTION, *sections]) + "\n"


def _table(cases: Sequence[Case]) -> str:
    return table(
        ("tried", "right is", "held by"),
        [(words(case.tried), words(case.right), "<br>".join(_held(case))) for case in cases],
    )


def _held(case: Case) -> Iterator[str]:
    for node in case.held_by:
        yield f"[{sentence(node)}](../../{node.partition('::')[0]})"
