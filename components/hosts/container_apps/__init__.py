"""Azure Container Apps: environments, apps and jobs."""
