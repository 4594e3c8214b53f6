"""The one place that makes and checks names: one file for each kind of resource."""
