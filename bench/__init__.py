"""Benchmarks, run by ``madoguchi bench NAME``: each module has ``run(*, seconds, clients) -> dict`` with one flat result."""
