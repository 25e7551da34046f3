"""The parts of the benchmark, one module each: `ORDER` says when, `measure(bench)` yields figures."""
