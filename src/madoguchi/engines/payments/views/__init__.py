"""Views of the payments engine."""
