"""The tree of our errors.

    LetopisError
    ├── SenderError     the sender or the person at the keyboard is wrong: refuse and say how to mend it
    ├── OuterError      the outer world is wrong: retry with a bound, then a named outcome
    │   └── Overloaded  too much at once: come back in `retry_after_s`
    └── OwnFault        we are wrong: stop and keep the evidence

Each error knows its place (`place`) and what to do now (`hint`). Messages never carry personal text or secrets.
"""


class LetopisError(Exception):
    """Something went wrong in Letopis."""

    def __init__(self, message: str = "", *, place: str = "", hint: str = "") -> None:
        super().__init__(message or type(self).__doc__ or "")
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        remedy = f" ({self.hint})" if self.hint else ""
        return f"{where}{super().__str__()}{remedy}"

    @property
    def message(self) -> str:
        return super().__str__()


class SenderError(LetopisError):
    """What was sent cannot be understood."""

    def __init__(self, message: str = "", *, field: str = "", place: str = "", hint: str = "") -> None:
        super().__init__(message, place=place, hint=hint)
        self.field = field


class OuterError(LetopisError):
    """A system outside of Letopis did not do its part."""

    def __init__(self, message: str = "", *, temporary: bool = True, place: str = "", hint: str = "") -> None:
        super().__init__(message, place=place, hint=hint)
        self.temporary = temporary


class Overloaded(OuterError):
    """Too many events at once; nothing of this request was stored."""

    def __init__(self, message: str = "", *, retry_after_s: int = 1, place: str = "", hint: str = "") -> None:
        super().__init__(message, temporary=True, place=place, hint=hint)
        self.retry_after_s = retry_after_s


class OwnFault(LetopisError):
    """Letopis contradicts itself here; the evidence is kept."""
