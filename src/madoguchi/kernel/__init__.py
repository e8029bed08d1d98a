"""The foundation of the house: time, text, numbers, access, audit, jobs, documents, charts.

Owns words that any office would use. May not know a procedure, a case, a resident or a room, and imports nothing from
engines, rooms or config.
"""
