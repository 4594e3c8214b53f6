"""The API of a cluster, as far as it says who gets in and what a pod is given to sign in with."""
