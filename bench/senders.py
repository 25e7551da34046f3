"""Businesses with send keys for a measurement, all made by one process: `python -m bench.senders NAME BUSINESSES KEYS`.

The commands of `letopis` do the same one at a time, each paying for its own start.
"""

import json
import sys


def main(name: str, businesses: int, keys: int) -> None:
    """Print one list of keys a business, as JSON."""
    import django

    django.setup()
    from letopis.access.businesses import create_business
    from letopis.access.keys import create_key

    made = []
    for number in range(businesses):
        business = create_business(name=f"{name} {number + 1}", timezone="Europe/Moscow", vertical="salon")
        made.append([create_key(business.id, "telegram", "send")[1] for _ in range(keys)])
    print(json.dumps(made))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
