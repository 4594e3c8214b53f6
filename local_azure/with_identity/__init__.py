"""Resources of which nothing is served but what Resource Manager keeps of them, and their identities."""
