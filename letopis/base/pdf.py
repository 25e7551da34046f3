"""A PDF out of a template and data: typst, with the fonts it brings, no network and no file of ours in reach.

Data reach the template as JSON and are values there, never markup: whatever a person is called, he is called so.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import typst

from letopis.base.errors import OwnFault

DATA_BYTES_MAX = 2 * 1024 * 1024


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The document; the template reads its data by `#let data = json(bytes(sys.inputs.data))`.

    Raises:
        OwnFault: the template does not fit the data; nothing of them is quoted.
    """
    told = msgspec.json.encode(data).decode()
    assert len(told) <= DATA_BYTES_MAX, "an unbounded document"
    try:
        made: bytes = typst.compile(template.encode(), sys_inputs={"data": told}, ignore_system_fonts=True)
    except typst.TypstError:
        raise OwnFault("a document could not be made", hint="see its template") from None
    return made
