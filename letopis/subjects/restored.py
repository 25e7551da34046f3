"""After a restore: what was erased since the backup was made is erased again, before anybody reads it.

The database counts the acts of the file that it knows. A restored one knows fewer, and the rest is done again, whole,
as new acts: the numbers of entries are those of the backup, and what has come since is none of theirs.
"""

from typing import Any

import structlog

from letopis.access.wall import enter
from letopis.base.clock import to_us
from letopis.base.database import ERASER, connect
from letopis.base.sql import Queries
from letopis.clients.identities import client_of
from letopis.journal.entries import READ_MAX, read_some
from letopis.journal.erasures import CORRECTION
from letopis.subjects import acts_file
from letopis.subjects.acts_file import Line
from letopis.subjects.correction import take_contacts
from letopis.subjects.erasure import count_acts, erase_persons, hold_acts, read_everything

QUERIES = Queries("letopis.subjects")
log = structlog.get_logger()


def erase_again() -> int:
    """Do every act that the file knows and this database does not; how many there were."""
    with connect(ERASER) as conn, conn.transaction(), conn.cursor() as cur:
        known = hold_acts(cur)
    done = 0
    for number, line in acts_file.lines_after(known):
        if line is not None:
            _erase(line)
        with connect(ERASER) as conn, conn.transaction(), conn.cursor() as cur:
            hold_acts(cur)
            count_acts(cur, number)
        done += 1
    if done:
        log.warning("erased_again", acts=done)
    return done


def _erase(line: Line) -> None:
    read_everything(line.business)
    if line.reason == CORRECTION:
        take_contacts(line.business, set(line.seqs()), line.at_us)
        return
    persons: set[int] = set()
    seqs = list(line.seqs())
    cur: Any
    with connect(ERASER) as conn, conn.transaction(), conn.cursor() as cur:
        enter(cur, line.business)
        for first in range(0, len(seqs), READ_MAX):
            entries = read_some(cur, line.business, seqs[first : first + READ_MAX]).values()
            mine = [entry for entry in entries if to_us(entry.received_at) <= line.at_us]
            clients = {client_of(entry) for entry in mine} - {""}
            asked = {"clients": list(clients), "seqs": [entry.seq for entry in mine]}
            rows = QUERIES.rows(cur, "persons_of_entries", business=line.business, **asked)
            persons |= {row["person_id"] for row in rows}
    if persons:
        erase_persons(line.business, persons, reason=line.reason, is_noted=False)
