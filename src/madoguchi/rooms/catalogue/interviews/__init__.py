"""Interviews: one set of questions, a decision table as data, and what each answer means for each procedure.

``schema`` is the shape of ``interviews/*.yaml``, ``deciding`` the pure decision, ``checks`` what is wrong with a file,
``folder`` the section of the municipality folder. Nothing here knows a page, a draft or a case.
"""
