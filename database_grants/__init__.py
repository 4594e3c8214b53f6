"""Grants inside databases: what a stack declares, brought into the databases by SQL, or checked there.

Resource Manager cannot give them. Whoever runs this signs in to the database as an Entra administrator, with
a token; no password is anywhere.
"""
