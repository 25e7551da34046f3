"""The port on which an installation answers: whether it is free, and a socket on it."""

import socket

from letopis.base.errors import SenderError

BACKLOG = 2048


def listen_on(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A listening socket; `shared` lets other processes of ours listen beside it, and the kernel deals connections out.

    Raises:
        SenderError: the port is taken, or the host is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=shared)
    except OSError as error:
        raise SenderError(
            f"cannot listen on {host}:{port}: {error.strerror or error}",
            field="LETOPIS_PORT",
            hint="stop what listens there, or name another port or host",
        ) from None


def check_free(host: str, port: int) -> None:
    """Make sure that nobody listens: sockets that are shared would quietly divide a port between two installations.

    Raises:
        SenderError: as `listen_on`.
    """
    listen_on(host, port).close()
