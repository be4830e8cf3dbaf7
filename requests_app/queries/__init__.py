"""What each side may see. Open requests are few enough to unseal the routing of each one per query."""
