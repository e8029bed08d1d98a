"""Evaluations: how well the parts that guess, guess. Each folder has its own data, its own command and honest figures."""
