"""What services have in common that put a database's own server behind a gate: where its data is, when it
starts, who listens, and what Resource Manager answers.
"""
