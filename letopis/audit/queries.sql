-- name: has_steps
-- Whether any scenario has ever told its steps (empty state of the scenario map).
SELECT EXISTS (SELECT 1 FROM dialogues_step WHERE business_id = %(business)s) AS told;

-- name: variants
-- Which sequences of steps the newest dialogues of a period walked, the commonest first, with the sums over all of them
-- (scenario map); `way` is the key by which the list of dialogues finds those who walked so (`on_way`). The days are
-- served by the index of stays by day; `dialogues` and `limit` bound what is read and told.
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
    SELECT s.dialogue_id, s.n, s.step, s.ended,
           s.step IS DISTINCT FROM lag(s.step) OVER (PARTITION BY s.dialogue_id ORDER BY s.n) AS moved
      FROM talks
      JOIN dialogues_step s ON s.business_id = %(business)s AND s.dialogue_id = talks.dialogue_id
     WHERE s.scenario = %(scenario)s AND s.version = %(version)s
), walked AS (
    SELECT (array_agg(step ORDER BY n) FILTER (WHERE moved))[1:%(stays)s] AS steps,
           bool_or(ended = 'goal') AS reached, bool_or(ended = 'pending') AS pending
      FROM stays
     GROUP BY dialogue_id
)
SELECT steps, md5(to_json(steps)::text) AS way, count(*) AS n, count(*) FILTER (WHERE reached) AS reached,
       count(*) FILTER (WHERE pending) AS pending,
       (sum(count(*)) OVER ())::bigint AS all_n,
       (sum(count(*) FILTER (WHERE reached)) OVER ())::bigint AS all_reached,
       (sum(count(*) FILTER (WHERE pending)) OVER ())::bigint AS all_pending,
       count(*) OVER () AS variants
  FROM walked
 GROUP BY steps
 ORDER BY n DESC, steps
 LIMIT %(limit)s;
