"""One metric a file, found by looking; `METRICS` holds them by id in the order of their numbers."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from letopis.metrics.metric import Metric


def _found() -> dict[str, Metric]:
    found: list[Metric] = [
        import_module(f"{__name__}.{module.name}").METRIC for module in pkgutil.iter_modules(__path__)
    ]
    by_id = {metric.id: metric for metric in sorted(found, key=lambda metric: int(metric.id[1:]))}
    assert len(by_id) == len(found), "two metrics have one id"
    return by_id


METRICS: Mapping[str, Metric] = _found()
