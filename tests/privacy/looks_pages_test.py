"""«Кто смотрел»: the owner reads in plain words who opened what, and says whether a burst is normal."""

import re
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from letopis.access.models import Business, Network
from letopis.access.rules import Visitor
from letopis.access.wall import enter
from letopis.base import clock
from letopis.dialogues.models import Dialogue
from letopis.privacy.looks.bursts import OPENED_AN_HOUR_MAX, Sign
from tests import cast as world
from tests.privacy.conftest import Cast, Note, settle


def read(cast: Cast, path: str, who: Visitor = Visitor.OWNER, status: int = 200) -> str:
    answer = cast.browser(who).get(f"/b/{cast.business}/access-log{path}")
    assert answer.status_code == status
    return str(answer.content.decode())


def row_of(page: str, name: str) -> str:
    """What stands beside a name."""
    found = re.search(rf'<tr role="row">\s*<th[^>]*><a[^>]*>{name}<.*?class="full">([^<]*)<', page, re.DOTALL)
    assert found, name
    return found[1].replace("\xa0", " ")


def test_nobody_looked_is_said(cast: Cast) -> None:
    assert "За 30 дней переписку никто не открывал" in read(cast, "")


def test_summary_counts_each_person_once_a_dialogue(cast: Cast, note: Note) -> None:
    manager = cast.people[Visitor.MANAGER].pk
    for number in (1, 2, 2, 3):
        note(cast.business, number, person=manager)
    note(cast.business, 9, person=manager, kind="client")
    note(cast.business, 1, person=manager, act="unmasked", reason="клиент спорит о цене")
    note(cast.business, 5, person=manager, refused=True)
    note(cast.business, 1, person=None)
    settle(cast.business)
    page = read(cast, "")
    assert row_of(page, "Марина") == "3 диалога, 1 клиент, скрытое показано 1 раз, 1 отказ"
    assert "клиент спорит о цене" in page
    assert "Программа с ключом" in page
    assert "За 30 дней переписку смотрел 1 человек" in page


def test_period_is_chosen(cast: Cast, note: Note) -> None:
    manager = cast.people[Visitor.MANAGER].pk
    note(cast.business, 1, person=manager, at=clock.now() - timedelta(days=20))
    settle(cast.business)
    assert "Марина" in read(cast, "")
    assert "Марина" not in read(cast, "?days=7")
    assert "Марина" in read(cast, "?days=nonsense")


def test_integrator_of_a_network_is_shown_as_such(cast: Cast, note: Note) -> None:
    network = Network.objects.create(name=f"Сеть {cast.business.hex[:6]}")
    Business.objects.filter(pk=cast.business).update(network=network)
    note(cast.business, 1, person=cast.people[Visitor.INTEGRATOR].pk, role="integrator")
    settle(cast.business)
    assert f"Интегратор, сеть «{network.name}»" in read(cast, "")


def test_one_person_is_read_day_by_day_page_by_page(cast: Cast, note: Note) -> None:
    manager = cast.people[Visitor.MANAGER].pk
    for number in range(60):
        note(cast.business, number, person=manager, at=clock.now() - timedelta(hours=number))
    settle(cast.business)
    first = read(cast, f"/person/{manager}")
    following = re.search(r'href="(\?before=\d+)"', first)
    assert following
    second = read(cast, f"/person/{manager}{following[1]}")
    seen = [re.findall(r"Диалог (\d+)<", page) for page in (first, second)]
    assert [len(found) for found in seen] == [50, 10]
    assert sorted(int(n) for found in seen for n in found) == list(range(60))
    assert 'href="?before' not in second


def test_a_person_who_never_looked_has_no_page_and_no_name(cast: Cast, stranger_business: UUID, note: Note) -> None:
    stranger = cast.people[Visitor.STRANGER].pk
    note(stranger_business, 1, person=stranger)
    settle(stranger_business)
    assert "Чужой" not in read(cast, f"/person/{stranger}", status=404)
    assert "Чужой" not in read(cast, f"/person/{stranger}?before=5", status=404)


def test_one_dialogue_tells_who_opened_it(cast: Cast) -> None:
    world.play(cast.business, world.marina(), world.irina())
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, cast.business)
        rows = Dialogue.objects.filter(business_id=cast.business)
        number, other = rows.order_by("session_id").values_list("dialogue_id", flat=True)
    cast.browser(Visitor.MANAGER).get(f"/b/{cast.business}/dialogues/{number}")
    cast.browser(Visitor.INTEGRATOR).get(f"/b/{cast.business}/dialogues/{other}")
    settle(cast.business)
    owner = cast.browser(Visitor.OWNER)
    assert f"/dialogues/{number}/looks" in owner.get(f"/b/{cast.business}/dialogues/{number}").content.decode()
    page = owner.get(f"/b/{cast.business}/dialogues/{number}/looks").content.decode()
    assert "Марина" in page
    assert "Игорь" not in page
    assert owner.get(f"/b/{cast.business}/dialogues/0/looks").status_code == 404


def test_only_the_owner_reads_it(cast: Cast) -> None:
    for visitor in (Visitor.MANAGER, Visitor.INTEGRATOR):
        for path in ("", "/person/1", "/key/1"):
            read(cast, path, visitor, status=403)


def busy(cast: Cast, note: Note) -> str:
    manager = cast.people[Visitor.MANAGER].pk
    for number in range(OPENED_AN_HOUR_MAX + 2):
        note(cast.business, number, person=manager)
    settle(cast.business)
    page = read(cast, "")
    found = re.search(r'action="(/b/[^"]+/burst/\d+/hour)"', page)
    assert found
    assert "за час открыто" in page
    assert f'href="/b/{cast.business}/access"' in page
    return found[1]


def test_burst_is_called_normal_with_a_reason_and_that_is_an_entry(cast: Cast, note: Note) -> None:
    url, owner = busy(cast, note), cast.browser(Visitor.OWNER)
    refused = owner.post(url, {"reason": "да"})
    assert refused.status_code == 422
    assert "хотя бы несколько слов" in refused.content.decode()
    assert owner.post(url, {"reason": "разбирали жалобы за месяц"}).status_code == 302
    assert "за час открыто" not in read(cast, "")
    settle(cast.business)
    told = read(cast, f"/person/{cast.people[Visitor.OWNER].pk}")
    assert "это нормально" in told
    assert "разбирали жалобы за месяц" in told
    assert owner.post(url, {"reason": "ещё раз то же самое"}).status_code == 404


def test_burst_of_another_business_cannot_be_settled(cast: Cast, note: Note, stranger_business: UUID) -> None:
    url = busy(cast, note).replace(str(cast.business), str(stranger_business))
    answer = cast.browser(Visitor.STRANGER).post(url, {"reason": "чужое дело"})
    assert answer.status_code == 404
    assert "за час открыто" in read(cast, "")
    assert Sign.HOUR in url
