"""The face of the portal: what commands may ask of it.

Promises: ``load_sample_year`` makes one generated, marked year of applications once and does nothing ever after.
"""

from madoguchi.rooms.portal.sample_year import SampleReport, load_sample_year

__all__ = ["SampleReport", "load_sample_year"]
