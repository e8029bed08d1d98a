"""Check that the documents say what is true: links lead somewhere, every engine and room has its README and api, every
setting and command is documented, no registry host is named.

Run by ``make check``; exits 1 with one line per fault.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "madoguchi"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
HOSTS = re.compile(r"(pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org)")


def tracked() -> list[Path]:
    """Return the files git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def check_links(files: list[Path]) -> list[str]:
    """Return links in Markdown that lead nowhere."""
    faults = []
    for path in (item for item in files if item.suffix == ".md" and "municipalities" not in item.parts):
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                faults.append(f"{path.relative_to(ROOT)}: link to {target} leads nowhere")
    return faults


def check_faces() -> list[str]:
    """Return engines and rooms without a README or an api."""
    places = [*(SOURCE / "engines").iterdir(), *(SOURCE / "rooms").iterdir()]
    return [
        f"{place.relative_to(ROOT)}: {name} is missing"
        for place in sorted(places)
        if place.is_dir() and place.name != "__pycache__"
        for name in ("README.md", "api.py")
        if not (place / name).exists()
    ]


def check_settings() -> list[str]:
    """Return environment variables that the code reads and docs/reference/settings.md does not name."""
    documented = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    named = set(re.findall(r"\"(MADOGUCHI_[A-Z_]+)\"", code)) | {"DATABASE_URL"}
    return [f"docs/reference/settings.md: {name} is not documented" for name in sorted(named) if name not in documented]


def check_commands() -> list[str]:
    """Return commands of the command line that the README does not name."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    main = (SOURCE / "cli" / "main.py").read_text(encoding="utf-8")
    names = re.findall(r"^    \"(\w+)\": \(\"madoguchi\.cli", main, re.MULTILINE)
    return [f"README.md: the command {name} is not named" for name in names if f"madoguchi {name}" not in readme]


def check_hosts(files: list[Path]) -> list[str]:
    """Return files that name a package registry's host."""
    faults = []
    for path in files:
        if path.suffix in {".png", ".woff2", ".otf", ".pdf"} or path.name == "check_docs.py":
            continue
        if HOSTS.search(path.read_text(encoding="utf-8", errors="ignore")):
            faults.append(f"{path.relative_to(ROOT)}: names a registry host")
    return faults


def main() -> int:
    """Run every check."""
    files = tracked()
    faults = [*check_links(files), *check_faces(), *check_settings(), *check_commands(), *check_hosts(files)]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
