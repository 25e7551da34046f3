"""One process that answers HTTP: uvicorn over the ASGI application."""

import gc
import socket

import uvicorn
from starlette.types import ASGIApp

CONNECTIONS_MAX = 2048
KEEP_ALIVE_SECONDS = 30
SHUTDOWN_SECONDS_MAX = 15
GARBAGE_OBJECTS = 20_000
START_FAILED = 3


def listen(app: ASGIApp, sock: socket.socket) -> None:
    """Answer on a listening socket until the process is told to stop; open requests get `SHUTDOWN_SECONDS_MAX` to end.

    The access log is off: paths may hold keys of senders that can set no header.
    """
    # What lives from the start lives to the end: the collector need not walk it again for every few hundred events.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS, 20, 20)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        # Our own log is set up already, and writes no words of an error.
        log_config=None,
        # What a reverse proxy says is read by `asgi`, which knows whom to believe.
        proxy_headers=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS_MAX,
    )
    one = uvicorn.Server(config)
    one.run(sockets=[sock])
    if not one.started:
        raise SystemExit(START_FAILED)
