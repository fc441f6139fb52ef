"""``python -m intendance.app`` is the command line."""

from __future__ import annotations

from intendance.app.main import main

if __name__ == "__main__":
    main()
