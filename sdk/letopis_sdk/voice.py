"""The words an assistant speaks to Letopis with: one method a kind, the same for a client and for a bound dialogue."""

from __future__ import annotations

import abc
import time
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

from letopis_sdk.event import Fields

if TYPE_CHECKING:
    # Only checkers need it: at run time the SDK has no dependencies, and Python has Unpack since 3.11.
    from typing_extensions import Unpack


class Voice(abc.ABC):
    """Every method returns at once and never raises because of what it was given."""

    @abc.abstractmethod
    def tell(self, kind: str, fields: Mapping[str, object]) -> None:
        """Take one event. The methods below are this one with the kind filled in."""

    def event(self, kind: str, /, **fields: Unpack[Fields]) -> None:
        """Any kind of event; one that Letopis does not know is kept as it is."""
        self.tell(kind, fields)

    def message_in(self, message: str | None = None, /, **fields: Unpack[Fields]) -> None:
        """The client wrote. Give the messenger's own `message_id` where there is one."""
        self.tell("message_in", {"role": "client", "message": message, **fields})

    def message_out(self, message: str | None = None, /, **fields: Unpack[Fields]) -> None:
        """The client was written to: by the assistant, unless `role` says human, system or mailing."""
        self.tell("message_out", {"role": "assistant", "message": message, **fields})

    def new_lead(self, **fields: Unpack[Fields]) -> None:
        """A person who asks for the first time."""
        self.tell("new_lead", fields)

    def intent_detected(self, **fields: Unpack[Fields]) -> None:
        """What the assistant believes the client wants: `intent`, `intent_confidence` (0 to 1)."""
        self.tell("intent_detected", fields)

    def step_entered(self, **fields: Unpack[Fields]) -> None:
        """The dialogue reached a `step` of the `scenario`."""
        self.tell("step_entered", fields)

    def model_call(self, **fields: Unpack[Fields]) -> TimedCall:
        """`with letopis.model_call(model="…") as call:` measures the call and tells it when it is over."""
        return TimedCall(self, "model_call", fields)

    def tool_call(self, **fields: Unpack[Fields]) -> TimedCall:
        """`with letopis.tool_call(tool="…") as call:`, as `model_call`."""
        return TimedCall(self, "tool_call", fields)

    def appointment_created(self, **fields: Unpack[Fields]) -> None:
        """A visit was booked: `appointment` {id, start, end, service, resource, price}."""
        self.tell("appointment_created", fields)

    def appointment_confirmed(self, **fields: Unpack[Fields]) -> None:
        self.tell("appointment_confirmed", fields)

    def appointment_moved(self, **fields: Unpack[Fields]) -> None:
        """`appointment` holds the new slot; its `previous_id` names the old one if the id changed."""
        self.tell("appointment_moved", fields)

    def appointment_cancelled(self, **fields: Unpack[Fields]) -> None:
        """`by`: client or business."""
        self.tell("appointment_cancelled", fields)

    def arrived(self, **fields: Unpack[Fields]) -> None:
        self.tell("arrived", fields)

    def no_show(self, **fields: Unpack[Fields]) -> None:
        self.tell("no_show", fields)

    def refusal(self, **fields: Unpack[Fields]) -> None:
        """The client said no: `reason`."""
        self.tell("refusal", fields)

    def escalation(self, **fields: Unpack[Fields]) -> None:
        """The assistant asked for a person: `reason`."""
        self.tell("escalation", fields)

    def error(self, **fields: Unpack[Fields]) -> None:
        """Something went wrong in the assistant: `reason`."""
        self.tell("error", {"level": "ERROR", **fields})

    def heartbeat(self, **fields: Unpack[Fields]) -> None:
        """The assistant lives; its silence becomes visible."""
        self.tell("heartbeat", fields)


class TimedCall:
    """One call of a model or tool, told when its block ends: how long it took and whether it failed.

    An exception passes through; of it only the class is told, never its text.
    """

    def __init__(self, voice: Voice, kind: str, fields: Mapping[str, object]) -> None:
        self._voice = voice
        self._kind = kind
        self._fields: dict[str, object] = dict(fields)
        self._began = 0.0

    def set(self, **fields: Unpack[Fields]) -> None:
        """What is known only after the call: `tokens_in`, `tokens_out`, `cost`, `result`, …"""
        self._fields.update(fields)

    def fail(self, reason: str) -> None:
        """The call failed without an exception."""
        self._fields.update({"level": "ERROR", "result": "error", "reason": reason})

    def __enter__(self) -> TimedCall:
        self._fields.setdefault("timestamp", datetime.now().astimezone())
        self._began = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._fields.setdefault("latency_ms", round((time.perf_counter() - self._began) * 1000))
        if kind is None:
            self._fields.setdefault("result", "ok")
        elif issubclass(kind, Exception):
            self._fields.update({"level": "ERROR", "result": "error", "reason": kind.__name__})
        else:  # a cancelled task, an interrupted program: nobody's fault
            self._fields.update({"level": "WARN", "result": "cancelled", "reason": kind.__name__})
        self._voice.tell(self._kind, self._fields)
