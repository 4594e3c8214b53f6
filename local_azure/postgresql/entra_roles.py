"""What a flexible server adds to PostgreSQL: roles of Entra's principals, and the functions that make them.

The server itself has no such thing outside of Azure. Here they are SQL: a table of which role is whose, and
the functions over it, in the database `postgres` alone, as in Azure.
https://learn.microsoft.com/azure/postgresql/security/security-manage-entra-users
"""

from typing import Final, LiteralString

from local_azure.rules import Rule

ADMINISTRATORS: Final = "azure_pg_admin"
SUPERUSER: Final = "azuresu"

RULES: Final = [
    Rule(
        "D7",
        "behaviour",
        "An administrator makes a role for a principal with pgaadauth_create_principal_with_oid, under any "
        "name, and lists such roles with pgaadauth_list_principals.",
        held_by="d7_an_administrator_makes_roles_for_principals_and_lists_them",
    ),
    Rule(
        "D7",
        "assumed",
        "Who is no administrator may not make such roles.",
        held_by="d7_nobody_else_makes_roles",
    ),
    Rule(
        "D7",
        "assumed",
        "Administrators may drop such roles and grant what they have, whoever of them made one.",
        held_by="d7_another_administrator_may_drop_a_role",
    ),
]

# `pgaadauth.principals` is by the role's own number, so a role that is dropped is no principal's any more.
SETUP: Final[LiteralString] = """
DO $do$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'azure_pg_admin') THEN
    CREATE ROLE azure_pg_admin NOLOGIN CREATEROLE CREATEDB;
  END IF;
END $do$;
CREATE SCHEMA IF NOT EXISTS pgaadauth;
CREATE TABLE IF NOT EXISTS pgaadauth.principals (
  role oid PRIMARY KEY, object_id uuid NOT NULL, kind text NOT NULL, is_admin bool NOT NULL,
  is_mfa bool NOT NULL
);
CREATE TABLE IF NOT EXISTS pgaadauth.managed (kind text, name text, PRIMARY KEY (kind, name));
CREATE TABLE IF NOT EXISTS pgaadauth.directory (name text, object_id uuid, kind text);

CREATE OR REPLACE FUNCTION pg_catalog.pgaadauth_create_principal_with_oid(
  "roleName" text, "objectId" text, "objectType" text, "isAdmin" bool, "isMfa" bool
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
BEGIN
  IF "objectType" NOT IN ('user', 'group', 'service') THEN
    RAISE EXCEPTION 'Object type "%" is not one of user, group and service.', "objectType"
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  EXECUTE format('CREATE ROLE %I LOGIN', "roleName");
  IF "isAdmin" THEN
    EXECUTE format('ALTER ROLE %I CREATEROLE CREATEDB', "roleName");
    EXECUTE format('GRANT azure_pg_admin TO %I', "roleName");
  ELSE
    EXECUTE format('GRANT %I TO azure_pg_admin WITH ADMIN OPTION', "roleName");
  END IF;
  INSERT INTO pgaadauth.principals
    SELECT oid, "objectId"::uuid, "objectType", "isAdmin", "isMfa" FROM pg_roles WHERE rolname = "roleName";
  RETURN format('Created role for "%s"', "roleName");
END $body$;

CREATE OR REPLACE FUNCTION pg_catalog.pgaadauth_create_principal(
  "roleName" text, "isAdmin" bool, "isMfa" bool
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
DECLARE one record;
BEGIN
  SELECT object_id, kind INTO one FROM pgaadauth.directory WHERE name = "roleName";
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Principal "%" is not found in the tenant.', "roleName"
      USING ERRCODE = 'invalid_authorization_specification';
  END IF;
  RETURN pgaadauth_create_principal_with_oid(
    "roleName", one.object_id::text, one.kind, "isAdmin", "isMfa"
  );
END $body$;

CREATE OR REPLACE FUNCTION pg_catalog.pgaadauth_list_principals("isAdminOnly" bool) RETURNS TABLE (
  rolename text, "principalType" text, "objectId" text, "tenantId" text, "isMfa" integer, "isAdmin" integer
) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $body$
  SELECT r.rolname::text, p.kind, p.object_id::text, '<tenant>'::text, p.is_mfa::integer, p.is_admin::integer
  FROM pgaadauth.principals p JOIN pg_roles r ON r.oid = p.role
  WHERE p.is_admin OR NOT "isAdminOnly" ORDER BY 1
$body$;

REVOKE ALL ON FUNCTION pg_catalog.pgaadauth_create_principal_with_oid, pg_catalog.pgaadauth_create_principal,
  pg_catalog.pgaadauth_list_principals FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_catalog.pgaadauth_create_principal_with_oid,
  pg_catalog.pgaadauth_create_principal, pg_catalog.pgaadauth_list_principals TO azure_pg_admin;
"""

PRINCIPAL_OF: Final[LiteralString] = """
SELECT p.object_id::text, p.kind FROM pgaadauth.principals p JOIN pg_roles r ON r.oid = p.role
WHERE r.rolname = %s
"""


def setup(tenant_id: str) -> bytes:
    """The statements, for `execute` without parameters."""
    return SETUP.replace("<tenant>", tenant_id).encode()
