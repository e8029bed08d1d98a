"""Payments: what is due, what was paid, what was given back, and whether the money arrived."""
