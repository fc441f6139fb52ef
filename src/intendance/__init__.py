"""Intendance coordinates aid from many donors to one recipient."""

from __future__ import annotations

__version__ = "0.1.0"
