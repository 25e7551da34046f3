"""A server that can stop listening: it passes bytes on to the real one until it is told to hear no more."""

import socket
import struct
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from psycopg import conninfo

PIECE_BYTES = 65536
PORT = "5432"
_FIELDS = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0"
LAST_WORDS = b"E" + struct.pack(">i", len(_FIELDS) + 4) + _FIELDS
"""An ErrorResponse of the frontend/backend protocol, version 3."""


class Deaf:
    """One connection to PostgreSQL by way of a socket in `folder`; `url` leads there."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = conninfo.make_conninfo(url, host=str(folder), port=PORT)
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(folder / f".s.PGSQL.{PORT}"))
        self._door.listen(1)
        self._server = _connected()
        self._client: socket.socket | None = None
        self._deaf = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def hear_no_more(self) -> None:
        """What comes next stays unread."""
        self._deaf.set()

    def die(self) -> None:
        """Say the last words and close with others unread, as a server does that is killed in the midst of work."""
        assert self._client is not None, "nobody has connected"
        self._client.sendall(LAST_WORDS)
        for one in (self._client, self._server, self._door):
            one.close()

    def _serve(self) -> None:
        self._client, _ = self._door.accept()
        threading.Thread(target=_pass_on, args=(self._server, self._client), daemon=True).start()
        self._client.settimeout(0.01)
        while not self._deaf.is_set():
            try:
                self._server.sendall(self._client.recv(PIECE_BYTES))
            except TimeoutError:
                continue


def _pass_on(server: socket.socket, client: socket.socket) -> None:
    try:
        while piece := server.recv(PIECE_BYTES):
            client.sendall(piece)
    except OSError:
        # One of them is gone, which is what this is for.
        return


def _connected() -> socket.socket:
    told: dict[str, Any] = conninfo.conninfo_to_dict(settings.LETOPIS_DATABASE_URL)
    host, port = str(told.get("host", "127.0.0.1")), int(told.get("port", PORT))
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    server = socket.socket(socket.AF_UNIX)
    server.connect(f"{host}/.s.PGSQL.{port}")
    return server
