-- name: entries
-- Entries in the journal of one business, or of all where none is named.
SELECT coalesce(sum(size), 0)::bigint AS entries FROM journal_log
WHERE log = 'events/1' AND (business_id = %(business)s OR CAST(%(business)s AS uuid) IS NULL)

-- name: behind
-- Entries that the pipeline has not seen in all businesses, and the age of the oldest of them.
SELECT coalesce(sum(b.entries), 0)::bigint AS entries,
       coalesce(max(extract(epoch FROM clock_timestamp()) - e.received_us / 1e6), 0) AS seconds
FROM (
    SELECT l.business_id, coalesce(p.seq, -1) AS seq, l.size - 1 - coalesce(p.seq, -1) AS entries
    FROM journal_log l
    LEFT JOIN journal_position p ON p.business_id = l.business_id AND p.log = l.log AND p.reader = 'pipeline'
    WHERE l.log = 'events/1'
) b
JOIN journal_entry e ON e.business_id = b.business_id AND e.log = 'events/1' AND e.seq = b.seq + 1
WHERE b.entries > 0

-- name: business_named
-- The large business of an earlier run.
SELECT id FROM access_business WHERE name = %(name)s ORDER BY created_at LIMIT 1

-- name: dialogue_of_session
-- The dialogue of one session, to open its trace.
SELECT dialogue_id FROM dialogues_dialogue WHERE business_id = %(business)s AND session_id = %(session)s LIMIT 1

-- name: analyze
-- Fresh statistics and the map of what all may see, as the server itself makes them within minutes.
VACUUM (ANALYZE)

-- name: settle
-- Write all changed pages to the disk.
CHECKPOINT

-- name: sizes
-- Bytes of each journal table with its indexes and partitions, raw bodies left out.
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes FROM pg_class c
WHERE c.relkind IN ('r', 'm') AND (c.relname IN ('journal_entry', 'journal_tag', 'journal_node')
      OR c.relname LIKE 'journal\_content%%') AND c.relnamespace = 'public'::regnamespace

-- name: derived_size
-- Bytes of what the readers derive, with indexes.
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes FROM pg_class c
WHERE c.relkind = 'r' AND c.relname ~ '^(clients|dialogues|appointments|metrics)_'
      AND c.relnamespace = 'public'::regnamespace

-- name: yardstick_drop
-- Begin the yardstick's tables anew.
DROP SCHEMA IF EXISTS yardstick CASCADE

-- name: yardstick_schema
-- A place beside the real tables.
CREATE SCHEMA yardstick

-- name: yardstick_entry
-- The shape of the leaves: columns and indexes, no policy.
CREATE TABLE yardstick.entry (LIKE public.journal_entry INCLUDING ALL)

-- name: yardstick_content
-- The shape of the content, as one table.
CREATE TABLE yardstick.content (LIKE public.journal_content INCLUDING ALL)

-- name: yardstick_raw
-- The shape of the raw bodies, as one table.
CREATE TABLE yardstick.raw (LIKE public.journal_raw INCLUDING ALL)

-- name: copy_entry
-- Rows of the yardstick's leaves; the number comes last, so that all before it is one constant.
COPY yardstick.entry (business_id, log, received_us, occurred_us, kind, level, flags, type, source, leaf, seq)
FROM STDIN (FORMAT BINARY)

-- name: copy_content
-- Rows of the yardstick's content.
COPY yardstick.content (business_id, log, month, meta_salt, meta, who_salt, who, text_salt, text, seq)
FROM STDIN (FORMAT BINARY)

-- name: copy_raw
-- Rows of the yardstick's raw bodies: number and body come last.
COPY yardstick.raw (business_id, log, day, salt, seq, data) FROM STDIN (FORMAT BINARY)

-- name: network_founded
-- How many businesses of the measured network an earlier run left in a kept folder.
SELECT count(*) AS businesses FROM access_business WHERE name LIKE %(name)s || ' %%'

-- name: network_businesses
-- The businesses of the measured network, in three trades and three time zones.
INSERT INTO access_business (id, name, timezone, vertical, created_at)
SELECT gen_random_uuid(), %(name)s || ' ' || n,
       (ARRAY['Europe/Moscow', 'Asia/Yekaterinburg', 'Europe/Samara'])[1 + n %% 3],
       (ARRAY['salon', 'clinic', 'repair'])[1 + n / 3 %% 3], %(now)s
  FROM generate_series(1, %(businesses)s) n

-- name: network_member
-- One integrator looks after all of them: whoever was added last.
INSERT INTO access_membership (business_id, person_id, role, since)
SELECT b.id, p.id, 'integrator', %(now)s
  FROM access_business b, (SELECT id FROM access_person ORDER BY created_at DESC LIMIT 1) p
 WHERE b.name LIKE %(name)s || ' %%'

-- name: network_cells
-- Cells as the pipeline leaves them, one day after the other over all businesses: a hundred series and parts a day and
-- more.
INSERT INTO metrics_cell (business_id, metric, by, branch, day, member, n, k, pending, excluded, unknown, total, hits,
                          seconds, censored)
SELECT b.id, s.metric, s.by, '', d.day::date, s.member, c.n, c.k, 0, 0, 0, c.n, c.k, '{}', '{}'
  FROM (SELECT id, 4 + abs(hashtext(name)) %% 40 AS busy, 0.25 + abs(hashtext(name || 'k')) %% 300 / 1000.0 AS rate
          FROM access_business WHERE name LIKE %(name)s || ' %%') b
 CROSS JOIN generate_series(%(now)s::date - %(days)s, %(now)s::date, interval '1 day') d (day)
 CROSS JOIN (
           SELECT metric, 'all', '', share
             FROM (VALUES ('M1', 1.0), ('M2', 1.0), ('M3', 1.0), ('M4', 0.5), ('M8', 1.2), ('M8w', 1.2), ('M9', 1.2),
                          ('M10', 3.0), ('M11', 1.2), ('M12', 1.2), ('M13', 0.3), ('M14', 1.2), ('M1:lead:left', 0.2),
                          ('M1:answered:left', 0.2), ('M1:offered:left', 0.2), ('M1:lead:ours', 0.1),
                          ('M1:offered:ours', 0.1), ('M1:booked:left', 0.1), ('M1:came:', 0.3)) v (metric, share)
            UNION ALL
           SELECT metric, 'channel', channel, 0.3
             FROM unnest(ARRAY['M1', 'M2', 'M8', 'M12']) metric, unnest(ARRAY['telegram', 'whatsapp', 'vk']) channel
            UNION ALL
           SELECT 'M1:stopped', 'cause', stopped || chr(31) || cause, share
             FROM (VALUES ('left', 'client_silent', 0.15), ('left', 'refused:price', 0.1), ('left', 'no_show', 0.1),
                          ('ours', 'we_silent', 0.06), ('ours', 'error', 0.03)) v (stopped, cause, share)
            UNION ALL
           SELECT 'M10:hour', 'hour', lpad(hour::text, 2, '0'), 0.2 FROM generate_series(9, 20) hour
            UNION ALL
           SELECT metric, 'mix', concat_ws(chr(31), channel, wish, known, band), share / 36
             FROM (VALUES ('M22', 1.0), ('M22:offered', 0.8), ('M22:silent', 0.03), ('M22:silent:offered', 0.03),
                          ('M22:error', 0.01), ('M22:error:offered', 0.02)) v (metric, share),
                  unnest(ARRAY['telegram', 'whatsapp', 'vk']) channel, unnest(ARRAY['booking', 'price']) wish,
                  unnest(ARRAY['new', 'known']) known, unnest(ARRAY['1', '2', '3']) band
            UNION ALL
           SELECT 'M15', 'step', concat_ws(chr(31), 'Запись', '14', step), 0.6
             FROM unnest(ARRAY['Обращение', 'Намерение', 'Предложение времени', 'Подтверждение', 'Контакт', 'Визит']) step
            UNION ALL
           SELECT 'M15:edge', 'edge', concat_ws(chr(31), 'Запись', '14', step, ended), 0.1
             FROM unnest(ARRAY['Обращение', 'Намерение', 'Предложение времени', 'Подтверждение', 'Контакт', 'Визит']) step,
                  unnest(ARRAY['!client_silent', '!we_silent', '!error', 'Дальше']) ended
       ) s (metric, by, member, share)
 CROSS JOIN LATERAL (SELECT abs(hashtext(b.id || s.metric || s.member || d.day)) AS luck) l
 CROSS JOIN LATERAL (SELECT floor(b.busy * s.share * (luck %% 100) / 50.0 + luck / 100 %% 100 / 100.0)::int AS n) r
 CROSS JOIN LATERAL (SELECT r.n, floor(r.n * b.rate + luck / 10000 %% 100 / 100.0)::int AS k) c
 WHERE c.n > 0

-- name: network_decided
-- What is known and what the CRM has: nearly all; one business in forty has lately been refused by its CRM.
INSERT INTO metrics_cell (business_id, metric, by, branch, day, member, n, k, pending, excluded, unknown, total, hits,
                          seconds, censored)
SELECT m.business_id, s.metric, m.by, m.branch, m.day, m.member, m.n * s.times, s.known, 0, 0, 0, m.n * s.times, s.known,
       '{}', '{}'
  FROM metrics_cell m
  JOIN access_business b ON b.id = m.business_id AND b.name LIKE %(name)s || ' %%'
 CROSS JOIN LATERAL (VALUES ('M23', 4, m.n * CASE WHEN abs(hashtext(b.name)) %% 25 = 1 THEN 2 ELSE 4 END),
                            ('M17', 1, m.n), ('M17:delivered', 1, m.n)) s (metric, times, known)
 WHERE m.metric = 'M1' AND m.by = 'all'
   AND NOT (s.metric = 'M17:delivered' AND m.day >= %(now)s::date - 1 AND abs(hashtext(b.name)) %% 40 = 0)

-- name: network_leads
-- Leads of the last days of those businesses whose CRM refuses them.
INSERT INTO metrics_lead (business_id, lead_id, person_id, dialogue_id, channel, campaign, branch, intent, service, master,
                          known, hour, at, day, state, due_at, mature, paid_kop, stage, stopped, cause, harm, visit, crm,
                          excluded)
SELECT b.id, n, n, n, 'telegram', '', '', '', '', '', false, 12, t.at, t.at::date, 'booked', t.at + interval '7 days',
       false, 0, 'booked', '', '', '', '', 'delayed', ''
  FROM access_business b
 CROSS JOIN generate_series(1, 20) n
 CROSS JOIN LATERAL (SELECT %(now)s - make_interval(mins => 25 * n) AS at) t
 WHERE b.name LIKE %(name)s || ' %%' AND abs(hashtext(b.name)) %% 40 = 0

-- name: network_visits
-- Visits with their prices, four a day in each business.
INSERT INTO appointments_slot (business_id, slot_id, owner, chain_id, appointment_id, person_id, client_id, start_at,
                               end_at, day, service, resource, price_kop, channel, campaign, branch, told_branch, state,
                               created_at, started, refilled, first_of_chain, corrected, test, excluded)
SELECT b.id, d * 10 + n, d * 10 + n, d * 10 + n, 'A' || d || n, d * 10 + n, 'tg_' || d || '_' || n, t.at,
       t.at + interval '1 hour', t.at::date, 'Маникюр', 'Аня', 100000 + 10000 * (abs(hashtext(b.name || n || d)) %% 30),
       'telegram', '', '', '', CASE WHEN n = 4 THEN 'no_show' ELSE 'arrived' END, t.at - interval '2 days', true, false,
       true, false, false, ''
  FROM access_business b
 CROSS JOIN generate_series(1, %(days)s) d
 CROSS JOIN generate_series(1, 4) n
 CROSS JOIN LATERAL (SELECT %(now)s - make_interval(days => d, mins => 60 * n) AS at) t
 WHERE b.name LIKE %(name)s || ' %%'

-- name: network_dialogues
-- Dialogues of the last days, one in twenty businesses has a client waiting for an answer.
INSERT INTO dialogues_dialogue (
       business_id, dialogue_id, person_id, client_id, session_id, channel, branch, campaign, scenario, version,
       started_at, last_at, day, facts, spoken, intent, deal_ref, service, messages_in, messages_out, assistant_out,
       human_out, errors, model_calls, cost_mkop, fallbacks, paid_kop, first_line, answers_at, last_by, asked, thanked,
       refused_for, escalation_reason, excluded, test, outcome, cause, closed_as, quiet_at, waiting_since,
       answer_due_at, late, has_no_show, lead_state, lead_stage, lead_stopped, lead_cause, lead_service, lead_branch,
       lead_master, lead_known, lead_crm, lead_visit)
SELECT b.id, d * 10 + n, d * 10 + n, 'tg_' || d || '_' || n, 'sess_' || d || '_' || n,
       'telegram', '', '', 'Запись', '14', t.at, t.at + interval '9 minutes', t.at::date, 8, true, 'book_appointment',
       '', 'Маникюр', 3, 3, 3, 0, 0, 3, 51000, 0, 0, 'Здравствуйте, хочу записаться', '{}', 'assistant', false, false,
       '', '', '', false, 'booked', '', '', t.at + interval '3 days',
       w.since, w.since + interval '15 minutes', false, false, 'booked', 'booked', '', '', '', '', '', '', '', ''
  FROM access_business b
 CROSS JOIN generate_series(0, %(days)s) d
 CROSS JOIN generate_series(1, 4) n
 CROSS JOIN LATERAL (SELECT %(now)s - make_interval(days => d, mins => 30 * n) AS at) t
 CROSS JOIN LATERAL (
     SELECT CASE WHEN d = 0 AND n = 1 AND abs(hashtext(b.name)) %% 20 = 0 THEN %(now)s - interval '40 minutes' END AS since
 ) w
 WHERE b.name LIKE %(name)s || ' %%'

-- name: network_marks
-- First appearances of two versions of one scenario; every third business has the older one alone.
INSERT INTO metrics_mark (business_id, seq, at, day, kind, what, effect, metric, scenario, version, person, made_by, ended)
SELECT b.id, v.n, t.at, t.at::date, 'scenario', '', '', '', 'Запись', (12 + v.n)::text, '', 'itself', false
  FROM access_business b
 CROSS JOIN (VALUES (1, 50), (2, 12)) v (n, days)
 CROSS JOIN LATERAL (SELECT %(now)s - make_interval(days => v.days, mins => abs(hashtext(b.name)) %% 600) AS at) t
 WHERE b.name LIKE %(name)s || ' %%' AND (v.n = 1 OR abs(hashtext(b.name)) %% 3 > 0)

-- name: network_sources
-- Two sources each; one business in fifty has been silent since the day before yesterday, one in ten for half a day.
INSERT INTO intake_source (business_id, connection, source, first_event_at, last_event_at, last_type, day, accepted_today,
                           duplicates_today, conflicts_today, rejected_today, last_reason, last_field)
SELECT b.id, 'key', s.source, %(now)s - interval '90 days',
       %(now)s - make_interval(mins => CASE WHEN luck %% 50 = 0 THEN 2900 WHEN luck %% 10 = 0 THEN 720 ELSE luck %% 30 END),
       'message_in', %(now)s::date, 300, 0, 0, 0, '', ''
  FROM access_business b
 CROSS JOIN LATERAL (SELECT abs(hashtext(b.name)) AS luck) l
 CROSS JOIN unnest(ARRAY['telegram', 'vk']) s (source)
 WHERE b.name LIKE %(name)s || ' %%'

-- name: network_journals_gone
-- Takes those journals away again.
WITH made AS (
    SELECT id FROM access_business WHERE name LIKE %(name)s || ' %%'
), seals AS (
    DELETE FROM journal_seal WHERE business_id IN (SELECT id FROM made)
), positions AS (
    DELETE FROM journal_position WHERE business_id IN (SELECT id FROM made)
)
DELETE FROM journal_log WHERE business_id IN (SELECT id FROM made)

-- name: network_logs
-- All journals have been read to their end.
INSERT INTO journal_log (business_id, log, origin, size, frontier, last_us, min_index, state)
SELECT id, 'events/1', name, 50000, '', 0, 0, 'open' FROM access_business WHERE name LIKE %(name)s || ' %%'

-- name: network_positions
-- Where the pipeline stands: at the end of each log.
INSERT INTO journal_position (business_id, seq, version, reader, log)
SELECT id, 49999, %(version)s, %(reader)s, 'events/1' FROM access_business WHERE name LIKE %(name)s || ' %%'

-- name: network_seals
-- All journals have been found whole.
INSERT INTO journal_seal (business_id, log, entries, root, problems, first_problem, checked_at)
SELECT id, 'events/1', 50000, ''::bytea, 0, '', %(now)s FROM access_business WHERE name LIKE %(name)s || ' %%'
