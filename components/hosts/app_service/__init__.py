"""App Service as a host: web apps, their slots, and function apps."""
