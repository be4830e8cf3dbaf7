"""Everything that changes the team. Each action is one transaction and is audited; signing in and out are not."""
