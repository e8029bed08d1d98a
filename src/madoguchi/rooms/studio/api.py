"""The face of the studio. No room needs anything of it: what it publishes is read from the catalogue and the forms engine."""

__all__: list[str] = []
