"""Watch behaviour and inputs."""
