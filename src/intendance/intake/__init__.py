"""Press reading: documents become statements, figures, dates, aid events and proposals."""

from __future__ import annotations

from intendance.intake.reader import read
from intendance.intake.reading import Reading

__all__ = ["Reading", "read"]
