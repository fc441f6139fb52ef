"""What a request is refused for: each with its HTTP status, a sentence and a next step."""

from __future__ import annotations

from intendance.errors import (
    InputError,
    IntendanceError,
    NoPlanError,
    StoreBusyError,
    StoreError,
    StoreMovedError,
    UsageError,
)


class RefusedError(IntendanceError):
    """A request that is not served."""

    status = 400
    code = "refused"


class NotSignedInError(RefusedError):
    """Nobody is signed in."""

    status = 401
    code = "not-signed-in"

    def __init__(self, sentence: str = "Sign in first.") -> None:
        super().__init__(sentence, next_step="Sign in, or send a token: Authorization: Bearer.")


class NotAllowedError(RefusedError):
    """The account may not do this."""

    status = 403
    code = "not-allowed"

    def __init__(self, sentence: str = "Your account may not do this.") -> None:
        super().__init__(sentence, next_step="Ask an admin for the right.")


class ReadOnlyError(RefusedError):
    """The server was started with --read-only."""

    status = 403
    code = "read-only"

    def __init__(self) -> None:
        super().__init__("This server only reads: nothing can be changed here.")


class FormExpiredError(RefusedError):
    """A form without the token of the session that posts it."""

    status = 403
    code = "form-expired"

    def __init__(self) -> None:
        super().__init__("This form is no longer valid.", next_step="Open the page again.")


class NotFoundError(RefusedError):
    """There is nothing here, or nothing that this account may see: the two answers are one."""

    status = 404
    code = "not-found"

    def __init__(self, sentence: str = "There is nothing at this address.") -> None:
        super().__init__(sentence)


class LostUpdateError(RefusedError):
    """Somebody else has changed the thing since it was read."""

    status = 412
    code = "lost-update"

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has changed this meanwhile.", next_step="Look at it again, then decide."
        )


class NoVersionError(RefusedError):
    """An edit that does not say which version it is about."""

    status = 428
    code = "no-version"

    def __init__(self) -> None:
        super().__init__(
            "This change does not say what it was made from.",
            next_step="Send the ETag that you have read as If-Match.",
        )


class TooLargeError(RefusedError):
    """A body beyond the limit."""

    status = 413
    code = "too-large"

    def __init__(self, most: int) -> None:
        super().__init__(f"More than {most} bytes are not taken.", next_step="Send less at once.")


def status_of(error: IntendanceError) -> int:
    """Give the HTTP status of an operating error."""
    if isinstance(error, RefusedError):
        return error.status
    by_class: tuple[tuple[type[IntendanceError], int], ...] = (
        (StoreMovedError, 412),
        (StoreBusyError, 503),
        (StoreError, 409),
        (InputError, 400),
        (UsageError, 400),
        (NoPlanError, 422),
    )
    return next((status for kind, status in by_class if isinstance(error, kind)), 400)
