"""The figures of docs/reference/performance.md: the real program over HTTP, measured beside a bare yardstick.

`python -m bench` runs every part in one run on a temporary data folder; `python -m bench intake pages` runs two of
them; `--write` puts the figures into the page. To add a part, write a module in `bench/parts/` with `ORDER` and
`measure`; it is found by looking.
"""
