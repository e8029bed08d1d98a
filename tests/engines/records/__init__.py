"""The records engine."""
