"""The error tree. Each class is one kind of operating error; its text is one clear sentence.

    IntendanceError
    ├── UsageError          2   the words of the call are off
    ├── InputError          3   a file or a value cannot be used as it is
    ├── NoPlanError         4   the problem has no plan
    ├── StoreError          5   the ledger cannot be used now
    │   └── StoreBusyError  5   somebody else is writing; try again
    │       └── StoreMovedError 5  somebody has written meanwhile; start again
    └── InterruptedRunError 130 stopped from outside, what was found is written

Data problems are not errors but values: see ``intendance.model.finding.Finding``.
"""

from __future__ import annotations


class IntendanceError(Exception):
    """An operating error: a sentence for people, a next step, an exit code.

    >>> str(InputError("no such file: aid.csv", next_step="Check the path."))
    'no such file: aid.csv'
    """

    exit_code = 1
    code = "error"

    def __init__(self, sentence: str, *, next_step: str = "", where: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step
        self.where = where

    def as_record(self) -> dict[str, str]:
        """Give the error as a JSON object for ``--json`` callers."""
        return {
            "code": self.code,
            "error": self.sentence,
            "next_step": self.next_step,
            "where": self.where,
        }


class UsageError(IntendanceError):
    """The words of the call are off."""

    exit_code = 2
    code = "usage"


class InputError(IntendanceError):
    """A file or a value cannot be used as it is."""

    exit_code = 3
    code = "input"


class NoPlanError(IntendanceError):
    """The planning problem has no plan."""

    exit_code = 4
    code = "no-plan"


class StoreError(IntendanceError):
    """The ledger cannot be used now."""

    exit_code = 5
    code = "store"


class StoreBusyError(StoreError):
    """Somebody else is writing to the ledger."""

    code = "store-busy"


class StoreMovedError(StoreBusyError):
    """Somebody else has written to the ledger since this work began."""

    code = "store-moved"


class InterruptedRunError(IntendanceError):
    """The run was stopped from outside; what was found until then is written."""

    exit_code = 130
    code = "interrupted"
