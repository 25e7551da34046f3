"""One process that answers HTTP: uvicorn over the ASGI application."""

import uvicorn
from starlette.types import ASGIApp

CONNECTIONS_MAX = 2048
KEEP_ALIVE_SECONDS = 30
SHUTDOWN_SECONDS_MAX = 15


def listen(app: ASGIApp, host: str, port: int) -> None:
    """Answer until the process is told to stop; open requests get `SHUTDOWN_SECONDS_MAX` to end.

    The access log is off: paths may hold keys of senders that can set no header.
    """
    uvicorn.run(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS_MAX,
    )
