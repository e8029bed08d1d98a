"""Paper: tagged PDF (PDF/UA-1) from typst templates.

Owns the rendering, the choice of the font and the kernel's own templates. A template receives plain data and knows no
model; names are printed exactly as they were typed, variation selectors included.
"""

from madoguchi.kernel.documents.pdf import render_pdf, template_path
from madoguchi.kernel.documents.qr import qr_svg

__all__ = ["qr_svg", "render_pdf", "template_path"]
