"""The table of settings: what the environment may say, with its default and its meaning in both languages.

Read once at the start and strictly: a value that does not parse stops the program with a sentence. Deployment stands
here; what an owner decides (hours, retention, goals) is data of the business.
"""

import ipaddress
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from letopis.base.errors import SenderError


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    parse: Callable[[str], Any]
    default: str
    ru: str
    en: str
    secret: bool = False


def _flag(value: str) -> bool:
    if value.lower() in ("1", "on", "true", "yes"):
        return True
    if value.lower() in ("", "0", "off", "false", "no"):
        return False
    raise ValueError("write on or off")


def _port(value: str) -> int:
    port = int(value)
    if not 1 <= port <= 65535:
        raise ValueError("a port is a number from 1 to 65535")
    return port


PROCESSES_MAX = 32


def _processes(value: str) -> int:
    processes = int(value)
    if not 1 <= processes <= PROCESSES_MAX:
        raise ValueError(f"a number from 1 to {PROCESSES_MAX}")
    return processes


def _processes_default() -> int:
    """Two where there are cores for them; elsewhere than on Linux the kernel does not deal connections out evenly."""
    return 2 if sys.platform == "linux" and (os.cpu_count() or 1) > 1 else 1


def _list(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _proxies(value: str) -> list[str]:
    proxies = _list(value)
    for one in proxies:
        try:
            network = ipaddress.ip_network(one, strict=False)
        except ValueError:
            raise ValueError("addresses or networks, such as 10.0.0.5 or 172.17.0.0/16") from None
        if network.prefixlen == 0:
            raise ValueError("whoever may come from anywhere cannot be believed")
    return proxies


def _pairs(value: str) -> list[str]:
    pairs = [pair.lower() for pair in _list(value)]
    for pair in pairs:
        host, _sign, port = pair.rpartition(":")
        if not host or not port.isdecimal() or "/" in host or "*" in host:
            raise ValueError("host:port, such as crm.internal:8443")
    return pairs


def _host_name(value: str) -> str:
    if not value or not all(c.isascii() and (c.islower() or c.isdigit() or c in ".-") for c in value):
        raise ValueError("lower-case letters, digits, dots and hyphens only")
    return value


def _url(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("an address begins with http:// or https://")
    return value.rstrip("/")


def _folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _folder_or_none(value: str) -> Path | None:
    return _folder(value) if value else None


def _data_default() -> str:
    if os.geteuid() == 0:
        return "/var/lib/letopis/data"
    return os.path.join(os.environ.get("XDG_DATA_HOME") or "~/.local/share", "letopis")


OPTIONS = (
    Option(
        "LETOPIS_DATA",
        _folder,
        _data_default(),
        "Папка данных: встроенная база, секреты, собранные файлы страниц.",
        "The data folder: embedded database, secrets, collected files of the pages.",
    ),
    Option(
        "LETOPIS_DATABASE_URL",
        str,
        "",
        "Свой сервер PostgreSQL 15 или новее; пусто: встроенный сервер в папке данных.",
        "A PostgreSQL server of your own, 15 or newer; empty: the embedded one in the data folder.",
        secret=True,
    ),
    Option(
        "LETOPIS_STATE",
        _folder_or_none,
        "",
        "Папка списка удалений, который не входит в резервные копии: после восстановления он применяется заново; "
        "пусто: state в папке данных.",
        "The folder of the list of erasures, which no backup holds: after a restore it is applied again; "
        "empty: state in the data folder.",
    ),
    Option("LETOPIS_HOST", str, "127.0.0.1", "Адрес, на котором слушать.", "The address to listen on."),
    Option("LETOPIS_PORT", _port, "8800", "Порт, на котором слушать.", "The port to listen on."),
    Option(
        "LETOPIS_WEB_PROCESSES",
        _processes,
        str(_processes_default()),
        "Сколько процессов принимают события и показывают страницы.",
        "How many processes take events and show pages.",
    ),
    Option(
        "LETOPIS_PUBLIC_URL",
        _url,
        "",
        "Адрес, под которым Летопись видна снаружи; из него делаются образцы и ссылки.",
        "The address under which Letopis is seen from outside; samples and links are made of it.",
    ),
    Option(
        "LETOPIS_ALLOWED_HOSTS",
        _list,
        "",
        "Имена хостов через запятую, под которыми отвечать; пусто: из публичного адреса и localhost.",
        "Host names to answer to, parted by commas; empty: that of the public address, and localhost.",
    ),
    Option(
        "LETOPIS_PROXIES",
        _proxies,
        "127.0.0.1,::1",
        "Адреса обратных прокси через запятую (можно сетями), которым верить, от кого пришёл запрос.",
        "Addresses of reverse proxies, parted by commas (networks too), who are believed for whom they ask.",
    ),
    Option(
        "LETOPIS_OUTGOING_ALLOWED",
        _pairs,
        "",
        "Пары host:port через запятую, которые можно вызывать и в своей сети, и без TLS; пусто: только https.",
        "Pairs host:port, parted by commas, that may be called inside and without TLS; empty: https alone.",
    ),
    Option(
        "LETOPIS_LOG_HOST",
        _host_name,
        "letopis.local",
        "Имя установки в начале имени каждого журнала; после первого события не меняется.",
        "The installation's name at the head of each log's origin; never changed after the first event.",
    ),
    Option(
        "LETOPIS_CLOCK",
        str,
        "",
        "Момент (RFC 3339), в который программа начинает жить; для демонстраций и проверок.",
        "The moment (RFC 3339) at which the program starts to live; for demos and tests.",
    ),
    Option(
        "LETOPIS_DEBUG",
        _flag,
        "off",
        "Подробные страницы ошибок для разработчика; никогда не в работе.",
        "Detailed error pages for a developer; never in production.",
    ),
)

RETIRED: Mapping[str, str] = {}


def read(environment: Mapping[str, str]) -> dict[str, Any]:
    """All settings from the environment; a secret may come from the file that `<NAME>_FILE` names.

    Raises:
        SenderError: a value does not parse, or a retired name is still set.
    """
    for name, sentence in RETIRED.items():
        if name in environment:
            raise SenderError(f"{name} is no longer a setting", field=name, hint=sentence)
    return {option.name: _read_one(option, environment) for option in OPTIONS}


def read_process() -> dict[str, Any]:
    """The settings of this process."""
    return read(os.environ)


def _read_one(option: Option, environment: Mapping[str, str]) -> Any:
    raw = environment.get(option.name, option.default)
    if option.secret and (file := environment.get(f"{option.name}_FILE")):
        raw = Path(file).read_text(encoding="utf-8").strip()
    try:
        return option.parse(raw)
    except ValueError as error:
        shown = "a value" if option.secret else repr(raw)
        raise SenderError(f"{option.name} holds {shown}", field=option.name, hint=str(error)) from None
