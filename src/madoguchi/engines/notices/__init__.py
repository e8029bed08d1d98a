"""Notices: what the office tells a person, by which way, and whether it arrived."""
