"""Reads files that people sent, each in a process of its own with limits."""
