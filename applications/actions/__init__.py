"""Everything that changes an application. Each action is one transaction and is recorded in the audit."""
