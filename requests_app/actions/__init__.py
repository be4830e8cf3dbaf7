"""Everything that changes the support plane. Each action is one transaction; a view answers after it has ended."""
