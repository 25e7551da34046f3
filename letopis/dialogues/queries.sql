-- name: dialogues_to_assign
-- What assignment looks at: dialogues of the batch's sessions and appointments, and of its clients around its times,
-- with the three latest of every client that still take facts; one JSON array, some of them twice.
SELECT json_agg(known)::text
  FROM (
      SELECT dialogue_id, client_id, session_id, channel, started_at, last_at, facts, spoken, person_id,
             first_seq, first_line
        FROM dialogues_dialogue
       WHERE business_id = %(business)s
         AND (dialogue_id = ANY (%(dialogues)s)
              OR session_id = ANY (%(sessions)s)
              OR (client_id = ANY (%(clients)s) AND last_at >= %(since)s AND started_at <= %(until)s))
      UNION ALL
      SELECT dialogue_id, client_id, session_id, channel, started_at, last_at, facts, spoken, person_id,
             first_seq, first_line
        FROM (
            SELECT *, row_number() OVER (PARTITION BY client_id ORDER BY last_at DESC, dialogue_id DESC) AS place
              FROM dialogues_dialogue
             WHERE business_id = %(business)s AND client_id = ANY (%(clients)s) AND facts < %(facts_max)s
        ) ranked
       WHERE place <= 3
  ) known;

-- name: add_facts
-- The facts of a batch.
INSERT INTO dialogues_fact SELECT * FROM json_populate_recordset(NULL::dialogues_fact, %(rows)s::json);

-- name: facts_of_dialogues
-- All facts of dialogues in the order of time, one JSON array a dialogue.
SELECT dialogue_id, '[' || string_agg(body, ',' ORDER BY at, seq) || ']' AS bodies
  FROM dialogues_fact
 WHERE business_id = %(business)s AND dialogue_id = ANY (%(dialogues)s)
 GROUP BY dialogue_id;

-- name: add_words
-- The words of a batch under which its dialogues are found: those we know, and the lexemes of what we do not.
INSERT INTO dialogues_word (business_id, word, dialogue_id)
SELECT %(business)s, w.word, w.dialogue_id
  FROM (
      SELECT unnest(k.words) AS word, k.dialogue_id
        FROM json_to_recordset(%(words)s::json) AS k (dialogue_id bigint, words text[])
      UNION
      SELECT form.lexeme, t.dialogue_id
        FROM json_to_recordset(%(texts)s::json) AS t (dialogue_id bigint, text text)
        CROSS JOIN LATERAL unnest(to_tsvector('russian', t.text)) AS form
  ) w
 ORDER BY w.word, w.dialogue_id
ON CONFLICT DO NOTHING;

-- name: dialogues_around
-- The stored dialogues of persons, and single ones, as one JSON array.
SELECT json_agg(d)::text
  FROM dialogues_dialogue d
 WHERE business_id = %(business)s AND (person_id = ANY (%(persons)s) OR dialogue_id = ANY (%(dialogues)s));

-- name: turns_of
-- The stored turns of dialogues, as one JSON array.
SELECT json_agg(t)::text
  FROM dialogues_turn t
 WHERE business_id = %(business)s AND dialogue_id = ANY (%(dialogues)s);

-- name: escalations_of
-- The stored escalations of dialogues, as one JSON array.
SELECT json_agg(e)::text
  FROM dialogues_escalation e
 WHERE business_id = %(business)s AND dialogue_id = ANY (%(dialogues)s);

-- name: steps_of
-- The stored stays on steps of dialogues, as one JSON array.
SELECT json_agg(s)::text
  FROM dialogues_step s
 WHERE business_id = %(business)s AND dialogue_id = ANY (%(dialogues)s);

-- name: drop_steps
-- Stays that are gone or written anew.
DELETE FROM dialogues_step s
 USING unnest(%(dialogues)s::bigint[], %(numbers)s::int[]) AS gone (dialogue_id, n)
 WHERE s.business_id = %(business)s AND s.dialogue_id = gone.dialogue_id AND s.n = gone.n;

-- name: add_steps
-- Stays that are new or changed.
INSERT INTO dialogues_step SELECT * FROM json_populate_recordset(NULL::dialogues_step, %(rows)s::json);

-- name: drop_dialogues
-- Dialogues that are no more.
DELETE FROM dialogues_dialogue WHERE business_id = %(business)s AND dialogue_id = ANY (%(dialogues)s);

-- name: add_dialogues
-- Dialogues that a batch opened.
INSERT INTO dialogues_dialogue SELECT * FROM json_populate_recordset(NULL::dialogues_dialogue, %(rows)s::json);

-- name: change_dialogues
-- Dialogues that a batch changed; an update, since mostly no indexed column moves and the indexes are left in peace.
UPDATE dialogues_dialogue d
   SET (
        person_id, client_id, session_id, channel, started_at, last_at, day, facts, spoken, branch, campaign, scenario,
        version, intent, confidence_ppm_min, deal_ref, service, messages_in, messages_out, assistant_out, human_out,
        errors, model_calls, cost_mkop, fallbacks, offered_at, tried_at, delivered_at, paid_at, paid_kop, first_line,
        first_seq, contact_first_at, contact_last_at, answers_at, last_by, asked, thanked, failed_first_at, failed_at,
        refused_at, refused_for, complained_at, recorded_at, escalated_at, escalation_reason, taken_at, closed_at,
        excluded, test, quiet_at, outcome, outcome_at, cause, closed_as, waiting_since, answer_due_at, answered_at,
        first_reply_s, first_reply_working_s, late, has_no_show, opening_day, lead_state, lead_day, lead_stage,
        lead_stopped, lead_cause, lead_service, lead_branch, lead_master, lead_known, lead_crm, lead_visit, due_at
       ) = (
        r.person_id, r.client_id, r.session_id, r.channel, r.started_at, r.last_at, r.day, r.facts, r.spoken, r.branch,
        r.campaign, r.scenario, r.version, r.intent, r.confidence_ppm_min, r.deal_ref, r.service, r.messages_in,
        r.messages_out, r.assistant_out, r.human_out, r.errors, r.model_calls, r.cost_mkop, r.fallbacks, r.offered_at,
        r.tried_at, r.delivered_at, r.paid_at, r.paid_kop, r.first_line, r.first_seq, r.contact_first_at,
        r.contact_last_at, r.answers_at, r.last_by, r.asked, r.thanked, r.failed_first_at, r.failed_at, r.refused_at,
        r.refused_for, r.complained_at, r.recorded_at, r.escalated_at, r.escalation_reason, r.taken_at, r.closed_at,
        r.excluded, r.test, r.quiet_at, r.outcome, r.outcome_at, r.cause, r.closed_as, r.waiting_since, r.answer_due_at,
        r.answered_at, r.first_reply_s, r.first_reply_working_s, r.late, r.has_no_show, r.opening_day, r.lead_state,
        r.lead_day, r.lead_stage, r.lead_stopped, r.lead_cause, r.lead_service, r.lead_branch, r.lead_master,
        r.lead_known, r.lead_crm, r.lead_visit, r.due_at
       )
  FROM json_populate_recordset(NULL::dialogues_dialogue, %(rows)s::json) r
 WHERE d.business_id = %(business)s AND d.dialogue_id = r.dialogue_id;

-- name: drop_turns
-- Turns that are gone or written anew.
DELETE FROM dialogues_turn t
 USING unnest(%(dialogues)s::bigint[], %(numbers)s::int[]) AS gone (dialogue_id, n)
 WHERE t.business_id = %(business)s AND t.dialogue_id = gone.dialogue_id AND t.n = gone.n;

-- name: add_turns
-- Turns that are new or changed.
INSERT INTO dialogues_turn SELECT * FROM json_populate_recordset(NULL::dialogues_turn, %(rows)s::json);

-- name: drop_escalations
-- Escalations that are gone or written anew.
DELETE FROM dialogues_escalation e
 USING unnest(%(dialogues)s::bigint[], %(numbers)s::int[]) AS gone (dialogue_id, n)
 WHERE e.business_id = %(business)s AND e.dialogue_id = gone.dialogue_id AND e.n = gone.n;

-- name: add_escalations
-- Escalations that are new or changed.
INSERT INTO dialogues_escalation SELECT * FROM json_populate_recordset(NULL::dialogues_escalation, %(rows)s::json);

-- name: schedules
-- All versions of the working hours, as one JSON array.
SELECT json_agg(s)::text FROM dialogues_schedule s WHERE business_id = %(business)s;

-- name: drop_schedules
-- Versions that are told anew.
DELETE FROM dialogues_schedule AS s
 USING json_populate_recordset(NULL::dialogues_schedule, %(rows)s::json) AS told
 WHERE s.business_id = %(business)s
   AND (s.branch, s.channel, s.person, s.valid_from) = (told.branch, told.channel, told.person, told.valid_from);

-- name: add_schedules
-- Versions told by a batch; one without hours of its own has JSON's null, since the column must tell something.
INSERT INTO dialogues_schedule (business_id, branch, channel, person, valid_from, weekly, calendar, seq)
SELECT business_id, branch, channel, person, valid_from, coalesce(weekly, 'null'), calendar, seq
  FROM json_populate_recordset(NULL::dialogues_schedule, %(rows)s::json);

-- name: colleagues
-- Who answered or took a client since a day (choices of the form of working hours); both by their index of days.
SELECT person FROM dialogues_turn WHERE business_id = %(business)s AND day >= %(since)s AND person > ''
UNION
SELECT person FROM dialogues_escalation WHERE business_id = %(business)s AND day >= %(since)s AND person > ''
ORDER BY person
LIMIT %(limit)s;

-- name: hold_schedules
-- Whoever tells working hours of a business waits here for who is just telling some.
SELECT pg_advisory_xact_lock(hashtext('letopis hours'), hashtext(%(business)s::text));

-- name: lexemes_of
-- What the index keeps of words that we do not know.
SELECT w.word, ARRAY (SELECT form.lexeme FROM unnest(to_tsvector('russian', w.word)) AS form) AS lexemes
  FROM unnest(%(words)s::text[]) AS w (word);

-- name: words_begun
-- The words of a business that begin like each of some, the shortest first. Word by word, however many dialogues have
-- it: each step is one look into the primary key. Words stand there by the codes of their letters, so U+10FFFF ends all.
SELECT b.beginning,
       ARRAY (
           WITH RECURSIVE step AS (
               (SELECT w.word
                  FROM dialogues_word w
                 WHERE w.business_id = %(business)s
                   AND w.word >= b.beginning AND w.word < b.beginning || U&'\+10FFFF'
                 ORDER BY w.word
                 LIMIT 1)
               UNION ALL
               SELECT (SELECT w.word
                         FROM dialogues_word w
                        WHERE w.business_id = %(business)s
                          AND w.word > step.word AND w.word < b.beginning || U&'\+10FFFF'
                        ORDER BY w.word
                        LIMIT 1)
                 FROM step
                WHERE step.word IS NOT NULL
           )
           SELECT word
             FROM (SELECT word FROM step WHERE word IS NOT NULL LIMIT %(looked_at)s) found
            ORDER BY length(word), word
            LIMIT %(limit)s
       ) AS words
  FROM unnest(%(beginnings)s::text[]) AS b (beginning);

-- name: sizes_of_words
-- In how many dialogues words are, counted up to a limit; those that are in any.
SELECT w.word, counted.size
  FROM unnest(%(words)s::text[]) AS w (word)
  CROSS JOIN LATERAL (
      SELECT count(*) AS size
        FROM (SELECT FROM dialogues_word said WHERE said.business_id = %(business)s AND said.word = w.word
               LIMIT %(limit)s) looked_at
  ) counted
 WHERE counted.size > 0;

-- name: on_way
-- The dialogues of a period that walked the same steps of a version, by the key of their way; as `variants` of the
-- scenario map counts them (list). The days are served by the index of stays by day; `dialogues` bounds what is read.
WITH talks AS (
    SELECT dialogue_id
      FROM dialogues_step
     WHERE business_id = %(business)s AND day >= %(first)s AND day <= %(last)s
       AND scenario = %(scenario)s AND version = %(version)s AND first AND excluded = ''
       AND (%(branch)s = '' OR branch = %(branch)s)
     GROUP BY dialogue_id
     ORDER BY max(entered_at) DESC, dialogue_id DESC
     LIMIT %(dialogues)s
), stays AS (
    SELECT s.dialogue_id, s.n, s.step,
           s.step IS DISTINCT FROM lag(s.step) OVER (PARTITION BY s.dialogue_id ORDER BY s.n) AS moved
      FROM talks
      JOIN dialogues_step s ON s.business_id = %(business)s AND s.dialogue_id = talks.dialogue_id
     WHERE s.scenario = %(scenario)s AND s.version = %(version)s
)
SELECT dialogue_id
  FROM stays
 GROUP BY dialogue_id
HAVING md5(to_json((array_agg(step ORDER BY n) FILTER (WHERE moved))[1:%(stays)s])::text) = %(way)s;

-- name: channels_of
-- The channels of a business's dialogues, one step in the index each, however many dialogues there are (list).
WITH RECURSIVE step (value) AS (
    (SELECT channel
       FROM dialogues_dialogue
      WHERE business_id = %(business)s AND channel > ''
      ORDER BY channel
      LIMIT 1)
    UNION ALL
    SELECT (SELECT d.channel
              FROM dialogues_dialogue d
             WHERE d.business_id = %(business)s AND d.channel > step.value
             ORDER BY d.channel
             LIMIT 1)
      FROM step
     WHERE step.value IS NOT NULL
)
SELECT value FROM step WHERE value IS NOT NULL LIMIT %(limit)s;

-- name: branches_of
-- The same of branches; most dialogues have none and stand outside of the index.
WITH RECURSIVE step (value) AS (
    (SELECT branch
       FROM dialogues_dialogue
      WHERE business_id = %(business)s AND branch <> ''
      ORDER BY branch
      LIMIT 1)
    UNION ALL
    SELECT (SELECT d.branch
              FROM dialogues_dialogue d
             WHERE d.business_id = %(business)s AND d.branch <> '' AND d.branch > step.value
             ORDER BY d.branch
             LIMIT 1)
      FROM step
     WHERE step.value IS NOT NULL
)
SELECT value FROM step WHERE value IS NOT NULL LIMIT %(limit)s;

-- name: clear_dialogues
-- Everything of a business, before a rebuild.
DELETE FROM dialogues_dialogue WHERE business_id = %(business)s;

-- name: clear_facts
-- Everything of a business, before a rebuild.
DELETE FROM dialogues_fact WHERE business_id = %(business)s;

-- name: clear_turns
-- Everything of a business, before a rebuild.
DELETE FROM dialogues_turn WHERE business_id = %(business)s;

-- name: clear_steps
-- Everything of a business, before a rebuild.
DELETE FROM dialogues_step WHERE business_id = %(business)s;

-- name: clear_escalations
-- Everything of a business, before a rebuild.
DELETE FROM dialogues_escalation WHERE business_id = %(business)s;

-- name: clear_words
-- Everything of a business, before a rebuild.
DELETE FROM dialogues_word WHERE business_id = %(business)s;

-- name: clear_schedules
-- Everything of a business, before a rebuild.
DELETE FROM dialogues_schedule WHERE business_id = %(business)s;

-- name: dialogues_of_entries
-- In which dialogues these entries are, in order.
SELECT DISTINCT dialogue_id FROM dialogues_fact
 WHERE business_id = %(business)s AND dialogue_id <= %(last)s AND seq = ANY (%(seqs)s)
 ORDER BY dialogue_id;

-- name: ids_of_dialogues
-- Whose dialogues these are, and all entries of each.
SELECT d.dialogue_id, d.client_id, d.session_id, d.person_id,
       (SELECT array_agg(f.seq) FROM dialogues_fact f
         WHERE f.business_id = d.business_id AND f.dialogue_id = d.dialogue_id) AS seqs
  FROM dialogues_dialogue d
 WHERE d.business_id = %(business)s AND d.dialogue_id = ANY (%(dialogues)s);

-- name: change_facts
-- Facts of entries whose content was taken out.
UPDATE dialogues_fact f
   SET body = r.body
  FROM json_populate_recordset(NULL::dialogues_fact, %(rows)s::json) r
 WHERE f.business_id = %(business)s AND f.dialogue_id = r.dialogue_id AND f.seq = r.seq;

-- name: drop_words
-- The words of dialogues that are told anew.
DELETE FROM dialogues_word WHERE business_id = %(business)s AND dialogue_id = ANY (%(dialogues)s);
