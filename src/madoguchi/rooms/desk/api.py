"""The face of the desk: nothing is asked of it. The desk shows cases and calls the engines; other rooms need it not."""

__all__: list[str] = []
