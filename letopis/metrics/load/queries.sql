-- name: open_turns
-- How many talks that a colleague has taken are waiting for an answer now.
SELECT e.person, count(DISTINCT d.dialogue_id) AS n
  FROM dialogues_dialogue d
  JOIN dialogues_escalation e ON e.business_id = d.business_id AND e.dialogue_id = d.dialogue_id
 WHERE d.business_id = %(business)s AND d.waiting_since <= %(now)s AND d.quiet_at > %(now)s AND d.excluded = ''
   AND e.person <> '' AND e.closed_at IS NULL
 GROUP BY e.person;
