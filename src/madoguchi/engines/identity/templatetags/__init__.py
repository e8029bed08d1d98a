"""Template tags of the identity engine."""
