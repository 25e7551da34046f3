-- name: add_marks
-- Marks that a batch told; an entry tells one.
INSERT INTO metrics_mark SELECT * FROM json_populate_recordset(NULL::metrics_mark, %(rows)s::json);

-- name: end_marks
-- Marks that were taken back.
UPDATE metrics_mark SET ended = true WHERE business_id = %(business)s AND seq = ANY (%(seqs)s) AND made_by <> 'itself';

-- name: note_versions
-- First appearances of versions: an earlier one takes the place of a later one, whichever was read first.
WITH told AS (
    SELECT * FROM json_populate_recordset(NULL::metrics_mark, %(rows)s::json)
), gone AS (
    DELETE FROM metrics_mark m
     USING told t
     WHERE m.business_id = %(business)s AND m.made_by = 'itself' AND m.scenario = t.scenario AND m.version = t.version
       AND (m.at, m.seq) > (t.at, t.seq)
)
INSERT INTO metrics_mark
SELECT t.*
  FROM told t
 WHERE NOT EXISTS (
     SELECT FROM metrics_mark m
      WHERE m.business_id = %(business)s AND m.made_by = 'itself' AND m.scenario = t.scenario
        AND m.version = t.version AND (m.at, m.seq) <= (t.at, t.seq)
 );

-- name: all_marks
-- The latest marks that stand, and all first appearances of versions, as one JSON array (every chart, before and after).
SELECT json_agg(m)::text
  FROM (
      SELECT * FROM metrics_mark WHERE business_id = %(business)s AND NOT ended ORDER BY at DESC, seq DESC LIMIT %(limit)s
  ) m;

-- name: clear_marks
-- Everything of a business, before a rebuild.
DELETE FROM metrics_mark WHERE business_id = %(business)s;

-- name: waits_between
-- What each person waited for a first reply, for the intervals of a wait (before and after). Of too many the waits of
-- some persons stand for all: whole persons, spread evenly over the weeks.
SELECT d.person_id, t.replied_at IS NOT NULL AS ended, t.working_s, t.wall_s, t.excluded <> '' AS excluded
  FROM dialogues_turn t
  JOIN dialogues_dialogue d ON d.business_id = t.business_id AND d.dialogue_id = t.dialogue_id
 WHERE t.business_id = %(business)s AND t.day BETWEEN %(first)s AND %(last)s
   AND date_trunc('week', t.day::timestamp)::date = ANY (%(mondays)s) AND t.opening AND NOT t.suspect
   AND (t.replied_at IS NOT NULL OR t.lost OR t.excluded <> '')
 ORDER BY hashint8(d.person_id), t.dialogue_id
 LIMIT %(limit)s;

-- name: pickups_between
-- The same of escalations: how long each waited for a person.
SELECT d.person_id, e.taken_at IS NOT NULL AS ended, e.working_s, e.wall_s, e.excluded <> '' AS excluded
  FROM dialogues_escalation e
  JOIN dialogues_dialogue d ON d.business_id = e.business_id AND d.dialogue_id = e.dialogue_id
 WHERE e.business_id = %(business)s AND e.day BETWEEN %(first)s AND %(last)s
   AND date_trunc('week', e.day::timestamp)::date = ANY (%(mondays)s)
   AND (e.taken_at IS NOT NULL OR e.ended OR e.excluded <> '')
 ORDER BY hashint8(d.person_id), e.dialogue_id, e.n
 LIMIT %(limit)s;

-- name: booked_within
-- Leads of whole weeks that booked within so many days, by channel: where the two sides were given different windows.
SELECT channel, count(*)::int AS n,
       (count(*) FILTER (WHERE booked_at <= at + make_interval(days => %(days)s)))::int AS k
  FROM metrics_lead
 WHERE business_id = %(business)s AND day BETWEEN %(first)s AND %(last)s
   AND date_trunc('week', day::timestamp)::date = ANY (%(mondays)s) AND mature AND excluded = ''
 GROUP BY channel;
