"""All that changes what is on record of training. Each action is one transaction and stands in the audit."""
