"""The look and the words of every page: base templates, components, CSS, icons and the texts of the frame.

Owns how things are shown and said in each language. May not know a room, its addresses or its data: rooms put their
menu entries into ``navigation`` and extend ``ui/portal_base.html`` or ``ui/staff_base.html``.
"""
