"""Azure's refusals of a role assignment, and the way out of each."""

from shlex import quote

import pulumi

from .existing import first_error


def explain_refused_grant(failed: pulumi.ErrorHookArgs) -> str | None:
    error, given = first_error(failed), failed.new_inputs or {}
    what, scope, principal = given.get("description"), given.get("scope"), given.get("principalId")
    role = str(given.get("roleDefinitionId")).rpartition("/")[2]
    if "RoleAssignmentExists" in error:
        # Azure does not say under which name it exists, and a hook cannot ask.
        query = f"[?principalId=='{principal}' && ends_with(roleDefinitionId, '{role}')].id"
        return (
            f"{what}\nThat is assigned already under another name, by hand or by another stack. Find it:\n"
            f'  az role assignment list --scope {quote(str(scope))} --query "{query}" --output tsv\n'
            "Then either delete it (az role assignment delete --ids <id>) and run the same command again, "
            "which makes the same grant; or keep it: where the program declares this AccessGrant itself, "
            "give it assignment_name, the GUID that ends the id, and run again: that prints the import line."
        )
    if "AuthorizationFailed" in error:
        return (
            f"{what}\nWho deploys may not grant that. The output deployer_contract lists the roles that a "
            f"deployer needs and the condition to give them with; it has to allow {role} for "
            f"{given.get('principalType')} {principal}, and lets no deployer in itself. Where nobody who "
            "deploys may grant, leave it to whoever governs the scope: manage_vault_access: false."
        )
    return None
