"""The sample year: one generated year of applications, so that queues and charts look like an office.

Owns invented people, invented answers (from the examples of each form) and invented histories; every case is marked
``is_sample``. The same moment, size and seed give the same year. The columns of the cases come from casework itself.
"""

from madoguchi.rooms.portal.sample_year.loading import SampleReport, load_sample_year

__all__ = ["SampleReport", "load_sample_year"]
