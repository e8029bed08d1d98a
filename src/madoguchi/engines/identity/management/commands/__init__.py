"""Django commands of the identity engine."""
