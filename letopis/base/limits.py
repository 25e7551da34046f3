"""How often somebody may ask for something: buckets that empty by asking and fill up by the minute.

A meter belongs to one process and never grows beyond `KEPT_MAX` askers: an installation of n web processes lets through
up to n times a rate. Who has not asked for the longest is forgotten first, and what is forgotten is a full bucket.
"""

import ipaddress
import math
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

KEPT_MAX = 50_000
IPV6_PREFIX_BITS = 64
"""Of an IPv6 address: one customer of a provider has all that lie behind it."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once at most, and so many a minute in the long run."""

    burst: int
    a_minute: int


@dataclass(slots=True)
class Meter:
    """The buckets of one process; any number of threads may ask it."""

    kept_max: int = KEPT_MAX
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, who: str, rate: Rate, now: float) -> int:
        """Take one of `who`; 0 when that was allowed, else the seconds after which it will be. `now` in seconds."""
        with self._lock:
            left = self._filled(who, rate, now)
            self._left[who] = (left - 1 if left >= 1 else left, now)
            self._left.move_to_end(who)
            while len(self._left) > self.kept_max:
                self._left.popitem(last=False)
        return _wait_s(left, rate)

    def wait_s(self, who: str, rate: Rate, now: float) -> int:
        """What `spend` would answer; takes nothing."""
        with self._lock:
            return _wait_s(self._filled(who, rate, now), rate)

    def _filled(self, who: str, rate: Rate, now: float) -> float:
        left, at = self._left.get(who, (float(rate.burst), now))
        return min(float(rate.burst), left + (now - at) * rate.a_minute / 60)

    def __len__(self) -> int:
        return len(self._left)


def _wait_s(left: float, rate: Rate) -> int:
    return 0 if left >= 1 else math.ceil((1 - left) * 60 / rate.a_minute)


def neighbourhood(address: str) -> str:
    """Whose bucket an address empties: its own, or that of its IPv6 network; empty for nobody's.

    Loopback is nobody's: programs of this machine, or a reverse proxy that does not say for whom it asks. To count it
    would let one visitor shut out all others.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    told = mapped or parsed
    if told.is_loopback:
        return ""
    if isinstance(told, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((told, IPV6_PREFIX_BITS), strict=False))
    return str(told)
