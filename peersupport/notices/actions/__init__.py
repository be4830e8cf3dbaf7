"""All that is told, and whom it rings."""
