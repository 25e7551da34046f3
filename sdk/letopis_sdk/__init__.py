"""Letopis SDK: tells a Letopis server what an assistant does, without ever getting in the assistant's way."""

from letopis_sdk.client import Letopis
from letopis_sdk.dialogue import Dialogue
from letopis_sdk.event import Fields
from letopis_sdk.handler import LetopisHandler
from letopis_sdk.limits import Limits
from letopis_sdk.notices import Notice
from letopis_sdk.stats import Stats
from letopis_sdk.version import VERSION as __version__
from letopis_sdk.voice import TimedCall

__all__ = ["Dialogue", "Fields", "Letopis", "LetopisHandler", "Limits", "Notice", "Stats", "TimedCall", "__version__"]
