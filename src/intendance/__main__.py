"""``python -m intendance`` is the command ``intendance``."""

from __future__ import annotations

from intendance.app.__main__ import start

if __name__ == "__main__":
    start()
