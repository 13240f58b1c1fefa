"""What proves, or suggests, that an attack worked: one file is one oracle; all look at every answer."""
