"""Images of the local registries, and containers of them as programs of this machine, for every service that
runs some."""
