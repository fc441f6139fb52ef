"""Who may see which line: compartments, and markings that travel with what is made of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from intendance.errors import UsageError
from intendance.model.catalogue import party_name

if TYPE_CHECKING:
    import polars as pl

Role = Literal["reader", "donor", "clerk", "coordinator", "auditor", "admin"]
ROLES: Final[tuple[str, ...]] = get_args(Role)
PUBLIC: Final = "public"
RESTRICTED: Final = "restricted"
PRIVATE: Final = "private"
SCOPE: Final = "lines released to this viewer; others may exist"
# Roles that see restricted lines (working papers of the cell), and who sees private ones of all.
_INSIDE: Final = ("donor", "clerk", "coordinator", "auditor", "admin")
_EVERYTHING: Final = ("auditor", "admin")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who asks: a role and, for a donor's representative, the donor.

    A line marked ``private:NAME`` belongs to that party alone: its stocks, caveats and unreleased
    pledges. Others' totals never contain it, so no difference of totals can reveal it.
    """

    role: Role = "admin"
    party: str = ""

    @classmethod
    def parse(cls, text: str) -> Viewer:
        """Read ``role`` or ``donor:NAME``.

        >>> Viewer.parse("donor:Pologne")
        Viewer(role='donor', party='Poland')
        """
        role, _, party = text.strip().partition(":")
        if role not in ROLES or (role == "donor") != bool(party):
            raise UsageError(
                f"There is no viewer {text!r}.",
                next_step=f"Use {', '.join(name for name in ROLES if name != 'donor')} "
                "or donor:NAME.",
            )
        return cls(role, party_name(party) if party else "")  # type: ignore[arg-type]

    def sees(self, marking: str) -> bool:
        """Tell whether lines with this marking are shown.

        >>> mine = "private:Poland"
        >>> Viewer("donor", "Poland").sees(mine), Viewer("coordinator").sees(mine)
        (True, False)
        """
        level, _, owner = marking.partition(":")
        if level == PUBLIC:
            return True
        if level == RESTRICTED:
            return self.role in _INSIDE
        return self.role in _EVERYTHING or (self.role == "donor" and owner == self.party)

    @property
    def sees_everything(self) -> bool:
        """Tell whether nothing is hidden from this viewer."""
        return self.role in _EVERYTHING

    def limits(self) -> dict[str, object]:
        """Give what an answer says of itself when its viewer may not see everything.

        It is said whether or not anything is hidden: silence must not tell either.
        """
        if self.sees_everything:
            return {}
        return {"viewer": str(self), "limited": True, "scope": SCOPE}

    def __str__(self) -> str:
        return f"{self.role}:{self.party}" if self.party else self.role


EVERYBODY: Final = Viewer()


def told_to(marking: str) -> Callable[[str], bool]:
    """Give the test of the markings that everybody sees who sees a line with this one.

    What is said of a line with a marking may rest on these alone: a public correction that names
    a private entry, or that closes a private line, would tell everybody of it.

    >>> [told_to("private:Poland")(each) for each in ("restricted", "private:Norway")]
    [True, False]
    """
    order = (PUBLIC, RESTRICTED)
    if marking in order:
        return order[: order.index(marking) + 1].__contains__
    return (*order, marking).__contains__


def valid(marking: str) -> bool:
    """Tell whether a marking is one: public, restricted, or private:NAME."""
    level, _, owner = marking.partition(":")
    return (level == PRIVATE and bool(owner)) or (level in (PUBLIC, RESTRICTED) and not owner)


def joined(markings: Iterable[str]) -> str:
    """Give the marking of what is made of several lines: the strictest, all owners named.

    >>> joined(["public", "restricted"])
    'restricted'
    >>> joined(["private:Poland", "public", "private:Norway"])
    'private:Norway+Poland'
    """
    found = set(markings)
    owners = {name for each in found if each.startswith("private:") for name in each[8:].split("+")}
    if owners:
        return f"{PRIVATE}:{'+'.join(sorted(owners))}"
    return RESTRICTED if RESTRICTED in found else PUBLIC


def shown(frame: pl.DataFrame, viewer: Viewer) -> pl.DataFrame:
    """Give the ledger as if it held only what a viewer may see.

    Hidden lines are left out before it is worked out what replaced what: a private correction
    must not make the public entry that it corrects disappear for everybody else.
    """
    import polars as pl

    from intendance.ledger.projection import DERIVED, relate

    if viewer.sees_everything:
        return frame
    marking = pl.col("marking").cast(pl.String)
    present = frame.select(marking.unique()).to_series().to_list()
    seen = [each for each in present if viewer.sees(each or PUBLIC)]
    if len(seen) == len(present):
        return frame
    return relate(frame.filter(marking.is_in(seen)).drop(DERIVED))
