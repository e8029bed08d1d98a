"""Handing in together (まとめ申請): from the answers of an interview to several procedures, one submission, one payment.

``planning`` says what an interview's draft now amounts to, ``services`` changes it and hands it in, ``pages`` turns it into
contexts. The decision itself is the catalogue's.
"""
