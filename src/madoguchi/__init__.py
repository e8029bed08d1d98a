"""Madoguchi (窓口): the digital ward office.

Storeys, each importing only downwards: ``config`` > ``rooms`` > ``engines`` > ``kernel``. See ``docs/architecture.md``.
"""

__version__ = "0.1.0"
