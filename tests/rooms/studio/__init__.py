"""Tests of the form studio."""
