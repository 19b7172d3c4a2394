"""Write what mypy finds now into the cases as their expectations: ``python tests/static/update.py [name ...]``.

Read the difference before committing it: what the checker wrote itself is worth what its reader makes of it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from harness import all_cases, check


def main() -> None:
    """Update the files named on the command line, or all."""
    cases = [case for case in all_cases() if not sys.argv[1:] or case.name in sys.argv[1:]]
    cache = Path(tempfile.gettempdir()) / "torchlean_static_cache"
    found = check([case.path for case in cases], cache)
    for case in cases:
        text = case.updated(found.get(case.name, {}))
        if text != "\n".join(case.lines) + "\n":
            case.path.write_text(text, encoding="utf-8")
            print("updated", case.path.name)


if __name__ == "__main__":
    main()
