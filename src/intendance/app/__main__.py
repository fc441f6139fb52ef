"""``python -m intendance.app`` and ``intendance`` are the command line."""

from __future__ import annotations

import sys


def start() -> None:
    """Load the command line and run it; somebody may stop it while it is still loading."""
    try:
        from intendance.app.main import main
    except KeyboardInterrupt:
        sys.stderr.write("intendance: interrupted\n")
        sys.exit(130)
    main()


if __name__ == "__main__":
    start()
