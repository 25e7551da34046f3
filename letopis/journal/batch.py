"""Building what one transaction of the scribe stores; pure, knows no database.

Two steps. `prepare` does all that needs no number: checks, salts, commitments, tags; it runs while an earlier
transaction waits for the disk. `Batch` runs under the locks of the logs: it decides duplicate or new, numbers, makes
leaves, grows the trees and packs the rows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from letopis.base.errors import SenderError
from letopis.journal import draft as drafts_
from letopis.journal import leaf, lj1, rows, slots, tags
from letopis.journal.draft import Draft, Outcome, Receipt
from letopis.journal.origin import EVENTS, log_hash
from letopis.journal.tree import Frontier

DRAFT_BYTES_MAX = 2 * 1024 * 1024
ENTRY_OVERHEAD_BYTES = 512
"""What an entry costs beside its content, roughly: leaf, salts, tag, keys."""

FORMAT = "letopis/leaf/v1"
RETENTION_DAYS = {"raw_days": 30, "text_days": 180, "who_days": 365}
OWN_SOURCE = "letopis"
CONFLICT_US_MAX = 30 * rows.DAY_US
"""Later than this a second body under a known key is not kept: the first may have been taken out by its term."""

_PLACE_OF_SLOT = {drafts_.META: 0, drafts_.WHO: 1, drafts_.TEXT: 2, drafts_.ATTACH: 3}
_NO_COLUMNS = [rows.NULL_SLOT] * len(_PLACE_OF_SLOT)
_SET_BY_SCRIBE = drafts_.NO_ID | drafts_.NO_TIME | drafts_.LATE | drafts_.AHEAD
_BYTE = [bytes((number,)) for number in range(256)]


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """A draft with everything done that needs no number."""

    draft: Draft
    names: bytes
    commitments: bytes
    content: bytes
    """The packed columns of slots 1, 2, 3 and 5; empty when there are none."""
    raw: bytes
    id_tag: bytes | None
    body_tag: bytes
    cost: int


def cost_of(draft: Draft) -> int:
    """Bytes that a draft is counted with."""
    return ENTRY_OVERHEAD_BYTES + sum([len(data) for _, data in draft.slots])


def prepare(drafts: Sequence[Draft]) -> list[Prepared | Receipt]:
    """Prepare each draft, or say in a receipt why it cannot be stored."""
    salts = slots.fresh_salts(sum([len(draft.slots) for draft in drafts]))
    prepared: list[Prepared | Receipt] = []
    for draft in drafts:
        try:
            prepared.append(_prepare(draft, salts))
        except SenderError as error:
            prepared.append(refusal(str(error) if not error.field else f"{error.field}: {error}"))
    return prepared


def refusal(problem: str) -> Receipt:
    return Receipt(Outcome.REFUSED, "", -1, None, 0, problem)


def _prepare(draft: Draft, salts: Iterator[bytes]) -> Prepared:
    leaf.check_numbers(draft.occurred_us, draft.kind, draft.level, draft.flags)
    columns = _NO_COLUMNS.copy()
    commitments = [_BYTE[len(draft.slots)]]
    raw = b""
    last = 0
    cost = ENTRY_OVERHEAD_BYTES
    for (number, data), salt in zip(draft.slots, salts, strict=False):
        if number <= last:
            raise SenderError("slots out of order or repeated", field="slots")
        last = number
        cost += len(data)
        packed = rows.slot(salt, data)
        if number == drafts_.RAW:
            raw = packed
        elif (place := _PLACE_OF_SLOT.get(number)) is not None:
            columns[place] = packed
        else:
            raise SenderError(f"there is no slot {number}", field="slots")
        commitments += (_BYTE[number], slots.commitment(number, data, salt))
    if cost > DRAFT_BYTES_MAX:
        raise SenderError(f"larger than {DRAFT_BYTES_MAX} bytes", field="slots")
    key = tags.key_of(draft.business)
    return Prepared(
        draft,
        leaf.names(draft.type, draft.source),
        b"".join(commitments),
        b"".join(columns) if len(draft.slots) > bool(raw) else b"",
        raw,
        None if draft.dedup_key is None else _id_tag(key, draft.source, draft.dedup_key),
        tags.body_tag(key, draft.body),
        cost,
    )


def _id_tag(key: tags.Key, source: str, dedup_key: str) -> bytes:
    if len(dedup_key) > tags.ID_CHARACTERS_MAX:
        raise SenderError(f"longer than {tags.ID_CHARACTERS_MAX} characters", field="dedup_key")
    try:
        return tags.id_tag(key, source, dedup_key)
    except UnicodeEncodeError:
        raise SenderError("half a character (a lone surrogate)", field="dedup_key") from None


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What stands behind an idempotency tag."""

    body_tag: bytes
    seq: int
    received_us: int
    is_gone: bool = False
    """Its content was taken out since."""


@dataclass(slots=True)
class Log:
    """A log whose row this transaction holds; grows with the batch."""

    business: UUID
    origin: str
    tree: Frontier
    last_us: int
    is_open: bool
    log: str = EVENTS
    seen: dict[bytes, Seen] = field(default_factory=dict)
    hash: bytes = field(init=False)
    entry_key: bytes = field(init=False)
    content_key: bytes = field(init=False)
    raw_key: bytes = field(init=False)
    tag_key: bytes = field(init=False)
    size_before: int = field(init=False)

    def __post_init__(self) -> None:
        self.hash = log_hash(self.origin)
        self.entry_key = rows.key(11, self.business, self.log)
        self.content_key = rows.key(12, self.business, self.log)
        self.raw_key = rows.key(6, self.business, self.log)
        self.tag_key = rows.key(6, self.business, self.log)
        self.size_before = self.tree.size


class Batch:
    """The rows and receipts of one transaction.

    `allows_conflict` says whether a conflict of this business and source may still be recorded in this hour.
    """

    def __init__(self, logs: Sequence[Log], now_us: int, allows_conflict: Callable[[UUID, str, int], bool]) -> None:
        self._logs = {log.business: log for log in logs}
        self._business: UUID | None = None
        self._log: Log | None = None
        self._now_us = now_us
        self._allows_conflict = allows_conflict
        self._entries = [rows.HEAD]
        self._content = [rows.HEAD]
        self._raw = [rows.HEAD]
        self._tags = [rows.HEAD]

    def add(self, item: Prepared) -> Receipt | None:
        """Decide on one draft, in the order of arrival; None when its log is not held by this transaction."""
        business = item.draft.business
        if business is not self._business:
            # Asked once for a run of one business: hashing a UUID costs more than this whole decision.
            self._business, self._log = business, self._logs.get(business)
        log = self._log
        if log is None:
            return None
        if not log.is_open:
            return refusal("the log of this business is closed")
        if item.id_tag is not None and (seen := log.seen.get(item.id_tag)):
            return self._repeat(log, item, seen)
        if not log.tree.size:
            self._number(log, _one(_opening(self._now_us, log)))
        return self._number(log, item)

    def grown(self) -> list[Log]:
        return [log for log in self._logs.values() if log.tree.size != log.size_before]

    def copies(self) -> list[tuple[str, bytes]]:
        """What goes into each table: name of the COPY statement and its bytes."""
        nodes = [rows.HEAD]
        for log in self._logs.values():
            if log.tree.full:
                key = rows.key(5, log.business, log.log)
                nodes += [rows.node(key, node.level, node.idx, node.hash) for node in log.tree.full]
        tables = (
            ("copy_entries", self._entries),
            ("copy_content", self._content),
            ("copy_raw", self._raw),
            ("copy_tags", self._tags),
            ("copy_nodes", nodes),
        )
        return [(statement, b"".join([*parts, rows.TAIL])) for statement, parts in tables if len(parts) > 1]

    def _number(self, log: Log, item: Prepared) -> Receipt:
        """Give the draft its number: from here on it is an entry."""
        draft = item.draft
        seq = log.tree.size
        received_us = log.last_us = max(log.last_us, self._now_us)
        flags = _flags(draft, received_us)
        made = leaf.assemble(
            log.hash,
            seq,
            received_us,
            draft.occurred_us,
            draft.kind,
            draft.level,
            flags,
            item.names,
            item.commitments,
        )
        digest = leaf.leaf_hash(made)
        log.tree.append(digest)
        self._entries.append(
            rows.entry(
                log.entry_key,
                seq,
                received_us,
                draft.occurred_us,
                draft.kind,
                draft.level,
                flags,
                draft.type,
                draft.source,
                made,
            )
        )
        if item.content:
            self._content.append(rows.content(log.content_key, seq, received_us, item.content))
        if item.raw:
            self._raw.append(rows.raw(log.raw_key, seq, received_us, item.raw))
        if item.id_tag is not None:
            log.seen[item.id_tag] = Seen(item.body_tag, seq, received_us)
            self._tags.append(rows.tag(log.tag_key, item.id_tag, item.body_tag, seq, received_us))
        return Receipt(Outcome.ACCEPTED, log.origin, seq, digest, received_us)

    def _repeat(self, log: Log, item: Prepared, seen: Seen) -> Receipt:
        if item.body_tag == seen.body_tag:
            return Receipt(Outcome.DUPLICATE, log.origin, seen.seq, None, seen.received_us)
        draft = item.draft
        # A second body would bring back what was taken out under this id.
        is_fresh = not seen.is_gone and self._now_us - seen.received_us <= CONFLICT_US_MAX
        if is_fresh and self._allows_conflict(draft.business, draft.source, self._now_us):
            self._number(log, _one(_conflict(draft, seen)))
        return Receipt(Outcome.CONFLICT, log.origin, seen.seq, None, seen.received_us)


def _flags(draft: Draft, received_us: int) -> int:
    """The flags of the draft and those that follow from its times and key."""
    flags = draft.flags & ~_SET_BY_SCRIBE
    if draft.kind:
        return flags
    if draft.dedup_key is None or flags & drafts_.CONTENT_DEDUPE:
        flags |= drafts_.NO_ID
    occurred_us = draft.occurred_us
    if occurred_us < 0:
        flags |= drafts_.NO_TIME
    elif received_us - occurred_us > drafts_.LATE_US_MIN:
        flags |= drafts_.LATE
    elif occurred_us - received_us > drafts_.AHEAD_US_MIN:
        flags |= drafts_.AHEAD
    return flags


def _one(draft: Draft) -> Prepared:
    """An entry of our own making; that it cannot be prepared would be our fault."""
    return _prepare(draft, slots.fresh_salts(len(draft.slots)))


def _opening(now_us: int, log: Log) -> Draft:
    meta = {"epoch": int(log.log.rpartition("/")[2]), "format": FORMAT, "policy": RETENTION_DAYS}
    return Draft(
        business=log.business,
        type="log.opened",
        source=OWN_SOURCE,
        slots=((drafts_.META, lj1.encode(meta)),),
        body=b"",
        occurred_us=now_us,
        kind=drafts_.CONTROL,
    )


def _conflict(second: Draft, first: Seen) -> Draft:
    """The record of a second body under a known key; it keeps who sent it, so that an erasure finds it too."""
    meta = (drafts_.META, lj1.encode({"first_seq": first.seq, "type": second.type}))
    who = tuple(slot for slot in second.slots if slot[0] == drafts_.WHO)
    return Draft(
        business=second.business,
        type="event.conflict",
        source=second.source,
        slots=(meta, *who, (drafts_.TEXT, second.body)),
        body=b"",
        occurred_us=second.occurred_us,
        kind=drafts_.CONTROL,
        level=drafts_.WARN,
    )
