"""Where a viewer plays, has played, and keeps copies."""
