"""Azure Container Instances as a host."""
