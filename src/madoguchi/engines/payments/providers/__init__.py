"""The ways money comes in: one small interface and the providers behind it."""
