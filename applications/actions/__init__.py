"""All that changes an application. Each action is one transaction and stands in the audit."""
