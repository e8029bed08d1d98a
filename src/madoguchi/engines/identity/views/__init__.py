"""Pages of the identity engine: the residents' door, the staff's door, elevation."""
