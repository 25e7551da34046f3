"""Names of channels as people say them; one that is not known here is called as its sender calls it."""

from letopis.base.text import Text

CHANNELS = {
    "telegram": Text(ru="Telegram", en="Telegram"),
    "whatsapp": Text(ru="WhatsApp", en="WhatsApp"),
    "instagram": Text(ru="Instagram", en="Instagram"),
    "max": Text(ru="MAX", en="MAX"),
    "vk": Text(ru="ВКонтакте", en="VK"),
    "avito": Text(ru="Авито", en="Avito"),
    "phone": Text(ru="Телефон", en="Phone"),
    "site": Text(ru="Сайт", en="Website"),
    "email": Text(ru="Почта", en="E-mail"),
    "sms": Text(ru="СМС", en="SMS"),
}


def name(channel: str) -> str:
    """«ВКонтакте» for `vk`."""
    known = CHANNELS.get(channel)
    return channel if known is None else str(known)
