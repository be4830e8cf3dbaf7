"""All that changes who serves. Each action is one transaction and stands in the audit, but for signing in and out."""
