"""What goes when its term is over: the daily act, what it would take, and the page on which the owner decides."""
