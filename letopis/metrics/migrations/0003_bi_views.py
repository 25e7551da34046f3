"""The schema `bi`: views for BI tools, and who reads which business through them.

The views belong to the owner of the tables and ask `bi.reader` for `session_user`, so that everybody may select from
them and sees what was granted to the login, mostly nothing. The wall of the tables lets the owner through in sessions
of others alone; the owner's own sessions stay behind it. See docs/decisions/0012-bi-reader-role.md.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import migrations

from letopis.metrics.bi import definition

# `definition.digest()` at the time of writing; where a test asks for another, a new migration tells the rows anew.
DEFINITIONS = "0b50a18f287b2c75"

TABLES = (
    "metrics_cell",
    "metrics_lead",
    "metrics_mark",
    "metrics_goal",
    "metrics_cost",
    "metrics_frozen",
    "appointments_slot",
)

GROUND = [
    "CREATE SCHEMA bi",
    "GRANT USAGE ON SCHEMA bi TO PUBLIC",
    "CREATE TABLE bi.reader (role name, business_id uuid REFERENCES access_business (id), since timestamptz NOT NULL,"
    " PRIMARY KEY (role, business_id))",
    "COMMENT ON TABLE bi.reader IS 'Which login reads which business; written by letopis bi, asked by every view'",
    "CREATE TABLE bi.definition (metric text PRIMARY KEY, of text NOT NULL, clock text NOT NULL,"
    " title_ru text NOT NULL, title_en text NOT NULL, formula_ru text NOT NULL, formula_en text NOT NULL,"
    " unit text NOT NULL, good text NOT NULL, version integer NOT NULL, summable boolean NOT NULL,"
    " unknown_share_max double precision)",
    "COMMENT ON TABLE bi.definition IS 'What the code says of every metric'",
    # Kaplan and Meier, as letopis/metrics/statistics/survival.py has it; a test compares the two.
    """
    CREATE FUNCTION bi.wait_quantile(seconds integer[], censored integer[], share double precision)
        RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        WITH times AS (
            SELECT unnest(seconds) AS at, 1 AS ended UNION ALL SELECT unnest(censored), 0
        ), risks AS (
            SELECT at, sum(ended) AS ended, sum(count(*)) OVER (ORDER BY at DESC) AS waiting FROM times GROUP BY at
        ), surviving AS (
            SELECT at, ended,
                   exp(sum(CASE WHEN ended = waiting THEN '-Infinity'::float8
                                ELSE ln(1 - ended::float8 / waiting::float8) END) OVER (ORDER BY at)) AS share_left
              FROM risks
        )
        SELECT min(at) FROM surviving WHERE ended > 0 AND share_left <= 1 - share + 1e-12
    )
    """,
    "COMMENT ON FUNCTION bi.wait_quantile IS 'The time by which a share of waits has ended, those still open heeded:"
    " 0.5 is the median of the pages'",
    "CREATE AGGREGATE bi.joined(integer[]) (sfunc = array_cat, stype = integer[], initcond = '{}')",
    "COMMENT ON AGGREGATE bi.joined(integer[]) IS 'The lengths of several days in one array, for bi.wait_quantile'",
]

# Neither the words of people nor the owner's own sessions gain anything by it: who comes through a view is another login.
LET_VIEWS_THROUGH = """
DO $$
DECLARE one text;
BEGIN
    FOREACH one IN ARRAY ARRAY[{tables}] LOOP
        EXECUTE format('CREATE POLICY letopis_bi ON %I FOR SELECT TO CURRENT_USER USING (session_user <> %L)',
                       one, current_user);
    END LOOP;
END
$$
"""


class View(NamedTuple):
    """A view: what it holds, its text, and its columns with their meanings, in order."""

    name: str
    holds: str
    text: str
    columns: Mapping[str, str]


OF_BUSINESS = {
    "business": "Id of the business",
    "business_name": "Its name",
}

BUSINESS = View(
    "business",
    "The businesses that this login reads",
    """
    SELECT b.id, b.name, b.timezone
      FROM bi.reader r
      JOIN access_business b ON b.id = r.business_id
     WHERE r.role = session_user
    """,
    {**OF_BUSINESS, "timezone": "IANA time zone in which its days are counted"},
)

METRIC = View(
    "metric",
    "How every metric is reckoned",
    """
    SELECT metric, clock, title_ru, title_en, formula_ru, formula_en, unit, good, version, summable, unknown_share_max
      FROM bi.definition
    """,
    {
        "metric": "Code, such as M2; those that end in w are counted by the wall clock",
        "clock": "working: within working hours, where the metric is a wait; wall: around the clock",
        "title_ru": "Name in Russian",
        "title_en": "Name in English",
        "formula_ru": "How it is reckoned, in Russian",
        "formula_en": "How it is reckoned, in English",
        "unit": "%: share, told as a fraction of one; n: count; s: seconds; n/h: cases an hour; min: minutes",
        "good": "more or less: which way is good; empty where neither is",
        "version": "Rises when the definition changes",
        "summable": "Whether metric_day holds it; others are told by the read API alone",
        "unknown_share_max": "Where more of unknown + denominator have no outcome, the pages withhold the share",
    },
)

METRIC_DAY = View(
    "metric_day",
    "Metrics by local day, whole and by part; sum numerator and denominator within one way of parting, then divide",
    """
    SELECT b.id, b.name, c.day, c.metric, d.unit, c.by, c.branch, replace(c.member, chr(31), ' / '),
           CASE d.unit WHEN 'n' THEN c.n ELSE c.k END, c.n, c.n, c.pending, c.excluded, c.unknown, c.hits, c.total,
           CASE d.unit WHEN 's' THEN c.seconds END, CASE d.unit WHEN 's' THEN c.censored END
      FROM bi.reader r
      JOIN access_business b ON b.id = r.business_id
      JOIN metrics_cell c ON c.business_id = r.business_id
      JOIN bi.definition d ON d.metric = c.metric AND d.summable
     WHERE r.role = session_user
       AND c.by = ANY ('{all,channel,campaign,service,master,known,person,hour,step}')
    """,
    {
        **OF_BUSINESS,
        "day": "Local day of the business",
        "metric": "Code, see metric",
        "unit": "Unit, see metric",
        "by": "How the day is parted: all (not at all), channel, campaign, service, master, known, person, hour, step",
        "branch": "Branch; empty: all branches together",
        "member": "Which part, such as telegram; empty: of whom nobody told it, and the whole where by is all",
        "numerator": "Cases that fulfilled it; of a count, all cases",
        "denominator": "Cases it is divided by",
        "n": "Cases it rests on",
        "pending": "Cases whose time has not passed yet; in no share",
        "excluded": "Cases left out: test traffic, own people, spam and the like",
        "unknown": "Cases without an outcome",
        "hits": "As numerator, those too young for the share counted as well",
        "total": "As denominator, those too young for the share counted as well",
        "seconds": "Of waits: lengths of those that ended, in seconds",
        "censored": "Of waits: lengths of those that never ended, in seconds",
    },
)

LEAD = View(
    "lead",
    "New leads and how far each came; where excluded is not empty the metrics leave the lead out",
    """
    SELECT b.id, b.name, l.lead_id, l.person_id, l.dialogue_id, l.at, l.day, l.hour, l.channel, l.campaign, l.branch,
           l.intent, l.service, l.master, l.known, l.state, l.mature, l.stage, l.stopped, l.cause, l.harm, l.visit, l.crm,
           l.answered_at, l.offered_at, l.booked_at, l.confirmed_at, l.came_at, l.paid_at, l.refused_at,
           (l.paid_kop / 100.0)::numeric(14, 2), l.excluded
      FROM bi.reader r
      JOIN access_business b ON b.id = r.business_id
      JOIN metrics_lead l ON l.business_id = r.business_id
     WHERE r.role = session_user
    """,
    {
        **OF_BUSINESS,
        "lead_id": "Number of the lead",
        "person_id": "Number of the person within the business; names and phones are in no view",
        "dialogue_id": "Number of the dialogue, as in the address of its page",
        "at": "First message",
        "day": "Local day of the first message",
        "hour": "Local hour of the first message",
        "channel": "Channel",
        "campaign": "Label of the campaign; empty: none",
        "branch": "Branch; empty: not told",
        "intent": "What was wanted, as the assistant named it",
        "service": "Service; empty: not told",
        "master": "Master the lead booked with; empty: not told",
        "known": "Whether the person has been here before",
        "state": "pending, booked, refused or not_booked within the window of M2",
        "mature": "Whether the window of M2 has passed",
        "stage": "How far it came: lead, answered, offered, booked, confirmed, came, paid",
        "stopped": "Why no further: pending, left, ours (our mistake); empty: it came",
        "cause": "Code of the cause where it stopped",
        "harm": "Mistake of ours that it met: error, silent; empty: none",
        "visit": "pending, came or not_come (M3)",
        "crm": "State of its record in the CRM (M17); empty: needs none",
        "answered_at": "First answer",
        "offered_at": "First time that was offered",
        "booked_at": "First booking",
        "confirmed_at": "Confirmation of the visit",
        "came_at": "Visit",
        "paid_at": "First payment",
        "refused_at": "Refusal",
        "paid": "Paid, in roubles",
        "excluded": "Why the metrics leave it out; empty: counted",
    },
)

VISIT = View(
    "visit",
    "Visits, one row for each time: a moved visit is a new row of the same chain",
    """
    SELECT b.id, b.name, s.slot_id, s.chain_id, s.person_id, s.dialogue_id, s.day, s.start_at, s.end_at, s.service,
           s.resource, (s.price_kop / 100.0)::numeric(14, 2), s.channel, s.campaign, s.branch, s.state, s.created_at,
           s.confirmed_at, s.final_at, s.reminded_at, s.asked_at, s.started, s.refilled, s.first_of_chain, s.corrected,
           CASE WHEN s.excluded = '' AND s.test THEN 'test' ELSE s.excluded END
      FROM bi.reader r
      JOIN access_business b ON b.id = r.business_id
      JOIN appointments_slot s ON s.business_id = r.business_id
     WHERE r.role = session_user
    """,
    {
        **OF_BUSINESS,
        "visit_id": "Number of the visit",
        "chain_id": "The first visit of a chain of moves",
        "person_id": "Number of the person within the business",
        "dialogue_id": "Dialogue in which it was made",
        "day": "Local day of the start; null: nobody told the time",
        "start_at": "Start",
        "end_at": "End",
        "service": "Service",
        "master": "Master or room",
        "price": "Price in roubles",
        "channel": "Channel",
        "campaign": "Label of the campaign",
        "branch": "Branch",
        "state": "created, confirmed, arrived, no_show, cancelled_late, cancelled_early, cancelled_business, moved, unknown",
        "created_at": "When it was made",
        "confirmed_at": "When the client confirmed",
        "final_at": "When its outcome was told",
        "reminded_at": "First reminder that was sent and did not fail",
        "asked_at": "First reminder that asked whether the client comes",
        "started": "Whether its time has come",
        "refilled": "Whether it was freed in time and taken again (M21)",
        "first_of_chain": "Whether it is the first of its chain",
        "corrected": "Whether the business itself took it back within ten minutes",
        "excluded": "Why the metrics leave it out; empty: counted",
    },
)

CHANGE_MARK = View(
    "change_mark",
    "Changes that somebody marked, to draw on charts; those taken away are not here",
    """
    SELECT b.id, b.name, m.seq, m.at, m.day, m.kind,
           coalesce(nullif(m.what, ''), nullif(concat_ws(' ', nullif(m.scenario, ''), nullif(m.version, '')), ''), m.kind),
           coalesce(nullif(m.metric, ''), 'M2'), m.expected_ppm / 1e6::float8, m.scenario, m.version, m.made_by
      FROM bi.reader r
      JOIN access_business b ON b.id = r.business_id
      JOIN metrics_mark m ON m.business_id = r.business_id
     WHERE r.role = session_user AND NOT m.ended
    """,
    {
        **OF_BUSINESS,
        "change_id": "Number of the change, as in the address of its page",
        "at": "When it was made",
        "day": "Local day",
        "kind": "scenario, prompt, price, schedule, reminders, staff, campaign or other",
        "what": "What was changed, in the words of who marked it",
        "metric": "The metric it is judged by",
        "expected": "The promised effect in the metric's unit",
        "scenario": "Scenario; empty: none",
        "version": "Its version",
        "made_by": "page, sender, or itself where a version of a scenario first appeared",
    },
)

GOAL = View(
    "goal",
    "What the owner wants of a metric, and from which day to which",
    """
    SELECT g.business_id, b.name, g.metric, g.valid_from, g.valid_to, g.target_ppm / 1e6::float8, g.margin_ppm / 1e6::float8
      FROM bi.reader r
      JOIN access_business b ON b.id = r.business_id
      JOIN (
          SELECT business_id, metric, valid_from, target_ppm, margin_ppm, ended,
                 lead(valid_from) OVER (PARTITION BY business_id, metric ORDER BY valid_from) - 1 AS valid_to
            FROM metrics_goal
      ) g ON g.business_id = r.business_id
     WHERE r.role = session_user AND NOT g.ended AND g.target_ppm IS NOT NULL
    """,
    {
        **OF_BUSINESS,
        "metric": "Code, see metric",
        "valid_from": "First day",
        "valid_to": "Last day; null: still in force",
        "target": "In the metric's unit: a fraction of one, seconds, cases a day",
        "margin": "The difference that matters, as a fraction; null: the usual one",
    },
)

CAMPAIGN_COST = View(
    "campaign_cost",
    "What campaigns cost, spread evenly over the days of each cost; sum it",
    """
    SELECT b.id, b.name, c.campaign, day::date, c.kop / 100.0 / (c.last_day - c.first_day + 1)
      FROM bi.reader r
      JOIN access_business b ON b.id = r.business_id
      JOIN metrics_cost c ON c.business_id = r.business_id
     CROSS JOIN generate_series(c.first_day::timestamp, c.last_day::timestamp, '1 day') AS day
     WHERE r.role = session_user AND c.kop > 0
    """,
    {
        **OF_BUSINESS,
        "campaign": "Label of the campaign",
        "day": "Day",
        "cost": "Roubles of that day",
    },
)

MONTH = View(
    "month",
    "Closed months: each figure as it was closed, and as it is reckoned today",
    """
    SELECT business, business_name, month, metric, unit, closed_at, entry, version, value, numerator, denominator, n,
           pending, low, high, corrected, value_now, numerator_now, denominator_now, n_now,
           CASE WHEN corrected THEN
               CASE unit
                   WHEN 'n' THEN concat(n, ' → ', n_now)
                   WHEN '%' THEN concat(numerator, '/', denominator, ' → ', numerator_now, '/', denominator_now)
                   ELSE concat(coalesce(value::text, '–'), ' s, ', n, ' → ', coalesce(value_now::text, '–'), ' s, ', n_now)
               END
           END
      FROM (
          SELECT f.*, (numerator, denominator, f.n) <> (numerator_now, denominator_now, n_now)
                      OR (unit = 's' AND value IS DISTINCT FROM value_now) AS corrected
            FROM (
                SELECT b.id AS business, b.name AS business_name, f.month, f.metric, d.unit, f.at AS closed_at,
                       f.seq AS entry, f.version, f.value, f.numerator, f.denominator, f.n, f.pending, f.low, f.high,
                       CASE d.unit
                           WHEN 'n' THEN today.n
                           WHEN 's' THEN bi.wait_quantile(today.seconds, today.censored, 0.5)
                           ELSE CASE WHEN d.unknown_share_max IS NULL
                                       OR today.unknown <= d.unknown_share_max * (today.n + today.unknown)
                                     THEN round(today.k::numeric / nullif(today.n, 0), 6)::float8 END
                       END AS value_now,
                       CASE d.unit WHEN 'n' THEN today.n ELSE today.k END AS numerator_now,
                       today.n AS denominator_now,
                       CASE d.unit WHEN 's' THEN cardinality(today.seconds) + cardinality(today.censored)
                                   ELSE today.n END AS n_now
                  FROM bi.reader r
                  JOIN access_business b ON b.id = r.business_id
                  JOIN metrics_frozen f ON f.business_id = r.business_id
                  JOIN bi.definition d ON d.metric = f.metric
                 CROSS JOIN LATERAL (
                     -- The wall clock stands in where no working hours tell, as on the pages.
                     SELECT coalesce(sum(c.n), 0) AS n, coalesce(sum(c.k), 0) AS k,
                            coalesce(sum(c.unknown), 0) AS unknown, bi.joined(c.seconds) AS seconds,
                            bi.joined(c.censored) AS censored
                       FROM bi.definition clock
                       LEFT JOIN metrics_cell c
                         ON c.business_id = r.business_id AND c.metric = clock.metric AND c.by = 'all' AND c.branch = ''
                        AND c.day >= f.month AND c.day < (f.month + interval '1 month')::date
                      WHERE clock.of = f.metric
                      GROUP BY clock.clock
                      ORDER BY coalesce(sum(c.n + c.pending), 0) > 0 DESC, clock.clock = 'working' DESC
                      LIMIT 1
                 ) today
                 WHERE r.role = session_user
            ) f
      ) told
    """,
    {
        **OF_BUSINESS,
        "month": "First day of the month",
        "metric": "Code, see metric",
        "unit": "Unit, see metric",
        "closed_at": "When the month was closed",
        "entry": "Entry of the journal that holds the figure",
        "version": "Version of the definition it was reckoned by",
        "value": "As it was closed: a fraction of one, a count, or the median in seconds",
        "numerator": "As it was closed",
        "denominator": "As it was closed",
        "n": "Cases it rests on",
        "pending": "Cases that were not decided then",
        "low": "Lower end of the 95 % interval of a share",
        "high": "Upper end of the 95 % interval of a share",
        "corrected": "Whether the same month is reckoned otherwise today: something came late, was joined or erased",
        "value_now": "As it is reckoned today, to millionths as value",
        "numerator_now": "As it is reckoned today",
        "denominator_now": "As it is reckoned today",
        "n_now": "As it is reckoned today",
        "note": "The correction: then → now; null where nothing differs",
    },
)

VIEWS = (BUSINESS, METRIC, METRIC_DAY, LEAD, VISIT, CHANGE_MARK, GOAL, CAMPAIGN_COST, MONTH)


def _made(view: View) -> list[str]:
    name = f"bi.{view.name}"
    comments = [f"COMMENT ON COLUMN {name}.{column} IS {_quoted(means)}" for column, means in view.columns.items()]
    return [
        f"CREATE VIEW {name} ({', '.join(view.columns)}) WITH (security_barrier) AS {view.text}",
        f"COMMENT ON VIEW {name} IS {_quoted(view.holds)}",
        *comments,
        f"GRANT SELECT ON {name} TO PUBLIC",
    ]


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _tell_definitions(apps: object, schema_editor: object) -> None:
    with schema_editor.connection.cursor() as cur:
        definition.tell(cur)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_who_is_who"),
        ("appointments", "0003_reminders_and_refill"),
        ("metrics", "0002_parts_marks_goals"),
    ]

    operations = [
        migrations.RunSQL(GROUND, ["DROP SCHEMA bi CASCADE"]),
        migrations.RunSQL(
            [LET_VIEWS_THROUGH.format(tables=", ".join(_quoted(table) for table in TABLES))],
            [f"DROP POLICY letopis_bi ON {table}" for table in TABLES],
        ),
        migrations.RunPython(_tell_definitions, migrations.RunPython.noop),
        migrations.RunSQL([statement for view in VIEWS for statement in _made(view)], migrations.RunSQL.noop),
    ]
