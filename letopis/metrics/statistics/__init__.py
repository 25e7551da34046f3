"""Statistics of the numbers, as metrics.md 2.3a and 2.5 reckon them: no database, no clock, and chance only by a seed.

`rates` shares and their differences, `cohort` rates that are not over yet, `mix` periods of different mix,
`clusters` several cases a client, `waits` bootstrapped quantiles, `survival` waits that are not over, `ranks`
tendencies, `counts` per day, `samples` how many are needed, `shrink` small businesses, `multiple` many looks, `runs`
week by week, `verdict` the four words.
"""

from letopis.metrics.statistics.clusters import ClusterDifference, clustered_difference
from letopis.metrics.statistics.cohort import (
    CohortRate,
    Curve,
    CurveDifference,
    End,
    cohort_rate,
    compare_curves,
    incidence,
)
from letopis.metrics.statistics.counts import RateRatio, rate_ratio
from letopis.metrics.statistics.mix import (
    MixDifference,
    MixTest,
    Standardised,
    Strata,
    cochran_mantel_haenszel,
    mantel_haenszel,
    standardise,
)
from letopis.metrics.statistics.multiple import Look, adjusted, bound, discoveries, look_at
from letopis.metrics.statistics.ranks import Tendency, brunner_munzel
from letopis.metrics.statistics.rates import (
    Interval,
    Method,
    Tested,
    fisher_mid_p,
    newcombe,
    rates_test,
    score_p,
    wilson,
)
from letopis.metrics.statistics.runs import Limits, RunChart, p_chart, run_chart
from letopis.metrics.statistics.samples import days_for, needed_each, visible_change
from letopis.metrics.statistics.shrink import Prior, prior_of, shrunk
from letopis.metrics.statistics.survival import LogRank, log_rank, survival_quantile
from letopis.metrics.statistics.verdict import Cohort, Reason, Verdict, Word, judge, reason_of, word_of
from letopis.metrics.statistics.waits import ClientWaits, QuantileDifference, compare_waits

__all__ = [
    "ClientWaits",
    "ClusterDifference",
    "Cohort",
    "CohortRate",
    "Curve",
    "CurveDifference",
    "End",
    "Interval",
    "Limits",
    "LogRank",
    "Look",
    "Method",
    "MixDifference",
    "MixTest",
    "Prior",
    "QuantileDifference",
    "RateRatio",
    "Reason",
    "RunChart",
    "Standardised",
    "Strata",
    "Tendency",
    "Tested",
    "Verdict",
    "Word",
    "adjusted",
    "bound",
    "brunner_munzel",
    "clustered_difference",
    "cochran_mantel_haenszel",
    "cohort_rate",
    "compare_curves",
    "compare_waits",
    "days_for",
    "discoveries",
    "fisher_mid_p",
    "incidence",
    "judge",
    "log_rank",
    "look_at",
    "mantel_haenszel",
    "needed_each",
    "newcombe",
    "p_chart",
    "prior_of",
    "rate_ratio",
    "rates_test",
    "reason_of",
    "run_chart",
    "score_p",
    "shrunk",
    "standardise",
    "survival_quantile",
    "visible_change",
    "wilson",
    "word_of",
]
