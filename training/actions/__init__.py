"""What changes training data. Each action is one transaction and is recorded in the audit."""
