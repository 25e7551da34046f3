-- name: zone_of_business
-- The time zone in which a business lives; serves times that name none.
SELECT timezone FROM access_business WHERE id = %(business)s;

-- name: count_open
-- How many pieces wait in quarantine, counted no further than the bound.
SELECT count(*) AS open
  FROM (SELECT FROM intake_quarantine
         WHERE business_id = %(business)s AND state = 'open'
         LIMIT %(open_max)s) AS bounded;

-- name: keep
-- Puts one piece into quarantine.
INSERT INTO intake_quarantine
       (business_id, id, received_at, source, reason, field, faults, raw, state, dropped_reason)
VALUES (%(business)s, %(id)s, %(received_at)s, %(source)s, %(reason)s, %(field)s, %(faults)s, %(raw)s, 'open', '');

-- name: pieces
-- A page of quarantine in one state, newest first, older than the last one seen.
SELECT id, received_at, source, reason, field, faults, raw, state, replayed_seq, edited_by, dropped_reason, settled_at
  FROM intake_quarantine
 WHERE business_id = %(business)s
   AND state = %(state)s
   AND (received_at, id) < (%(before_at)s, %(before_id)s)
 ORDER BY received_at DESC, id DESC
 LIMIT %(limit)s;

-- name: piece
-- One piece of quarantine, for its page.
SELECT id, received_at, source, reason, field, faults, raw, state, replayed_seq, edited_by, dropped_reason, settled_at
  FROM intake_quarantine
 WHERE business_id = %(business)s AND id = %(id)s;

-- name: hold_piece
-- The same, held so that it is replayed or dropped once.
SELECT id, received_at, source, reason, field, faults, raw, state, replayed_seq, edited_by, dropped_reason, settled_at
  FROM intake_quarantine
 WHERE business_id = %(business)s AND id = %(id)s
   FOR UPDATE;

-- name: settle
-- A piece was replayed or dropped.
UPDATE intake_quarantine
   SET state = %(state)s, replayed_seq = %(replayed_seq)s, edited_by = %(edited_by)s,
       dropped_reason = %(dropped_reason)s, settled_at = %(settled_at)s
 WHERE business_id = %(business)s AND id = %(id)s;

-- name: note_source
-- Adds one second's tally of a source; the numbers begin anew each local day, new sources are bounded.
INSERT INTO intake_source AS s
       (business_id, connection, source, first_event_at, last_event_at, last_type, day, accepted_today,
        duplicates_today, conflicts_today, rejected_today, last_rejected_at, last_reason, last_field)
SELECT %(business)s, %(connection)s::varchar, %(source)s::varchar, %(last_event_at)s::timestamptz,
       %(last_event_at)s::timestamptz, %(last_type)s, %(day)s::date, %(accepted)s, %(duplicates)s, %(conflicts)s,
       %(rejected)s, %(last_rejected_at)s::timestamptz, %(last_reason)s, %(last_field)s
 WHERE (SELECT count(*) FROM intake_source WHERE business_id = %(business)s) < %(sources_max)s
    OR EXISTS (SELECT FROM intake_source
                WHERE business_id = %(business)s
                  AND connection = %(connection)s::varchar AND source = %(source)s::varchar)
    ON CONFLICT (business_id, connection, source) DO UPDATE
   SET first_event_at = coalesce(s.first_event_at, excluded.first_event_at),
       last_event_at = greatest(s.last_event_at, excluded.last_event_at),
       last_type = CASE WHEN excluded.last_event_at >= s.last_event_at OR s.last_event_at IS NULL
                        THEN excluded.last_type ELSE s.last_type END,
       day = greatest(s.day, excluded.day),
       accepted_today = excluded.accepted_today
                      + CASE WHEN s.day >= excluded.day THEN s.accepted_today ELSE 0 END,
       duplicates_today = excluded.duplicates_today
                        + CASE WHEN s.day >= excluded.day THEN s.duplicates_today ELSE 0 END,
       conflicts_today = excluded.conflicts_today
                       + CASE WHEN s.day >= excluded.day THEN s.conflicts_today ELSE 0 END,
       rejected_today = excluded.rejected_today
                      + CASE WHEN s.day >= excluded.day THEN s.rejected_today ELSE 0 END,
       last_rejected_at = greatest(s.last_rejected_at, excluded.last_rejected_at),
       last_reason = CASE WHEN excluded.last_rejected_at IS NULL THEN s.last_reason ELSE excluded.last_reason END,
       last_field = CASE WHEN excluded.last_rejected_at IS NULL THEN s.last_field ELSE excluded.last_field END;

-- name: sources
-- What every connection of a business last sent; serves the sources page.
SELECT connection, source, first_event_at, last_event_at, last_type, day, accepted_today, duplicates_today,
       conflicts_today, rejected_today, last_rejected_at, last_reason, last_field
  FROM intake_source
 WHERE business_id = %(business)s
 ORDER BY connection, source;
