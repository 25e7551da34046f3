"""Who looked at people's words: the access ledger of a business, what the owner reads of it, and bursts of reading.

Pages note a look with one insert (`letopis.access.log`). The worker moves what waits into the log `access/1` of the
business (`ledger`), derives from it the rows that pages read (`ledger`, `reading`), and notices whoever reads far more
than people do (`bursts`).
"""
