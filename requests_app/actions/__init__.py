"""Everything that changes the support plane. Each action is one transaction; an answer is given after it."""
