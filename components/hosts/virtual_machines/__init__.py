"""Linux machines as hosts: one of them, and a set of them that are alike."""
