"""The owner finds out who opened a dialogue; the integrator debugs a source and meets nobody."""

from playwright.sync_api import expect

from tests.browser.salon import Salon
from tests.browser.window import PHONE, Variant, Window

RELOADS_MAX = 60


def test_owner_looks_who_opened_the_dialogue(salon: Salon, window: Window) -> None:
    """On a phone: the manager opens Марина's dialogue, the owner asks who did."""
    with window.page(salon.people["manager"], salon.marina) as (page, _):
        expect(page.locator(".bubble").first).to_be_visible()
    with window.page(salon.lada.owner, salon.marina, Variant(PHONE)) as (page, _):
        page.get_by_role("link", name="Кто открывал").click()
        expect(page.locator("h1")).to_have_text("Кто открывал")
        for _ in range(RELOADS_MAX):
            if page.get_by_text("Ольга С.").count():
                break
            # The worker moves a look into the ledger within a second or two.
            page.reload()
        expect(page.get_by_text("Ольга С.").first).to_be_visible()
        page.goto(salon.lada.url("access-log"))
        expect(page.locator(".lede")).to_contain_text("переписку смотрели")
        page.get_by_role("link", name="Ольга С.").click()
        expect(page.locator("h1")).to_have_text("Ольга С.")
        expect(page.locator("main table").first).to_contain_text("Диалог")


def test_integrator_debugs_a_source_without_a_name(salon: Salon, window: Window) -> None:
    """Quarantine, the broken dialogue and its steps: all there but the people."""
    integrator = salon.people["integrator"]
    with window.page(integrator, salon.lada.url("sources")) as (page, _):
        assert "Марин" not in page.content()
        page.goto(salon.marina)
        expect(page.locator(".broke")).to_be_visible()
        expect(page.get_by_role("heading", name="Люди скрыты")).to_be_visible()
        assert "Марин" not in page.content()
        page.goto(salon.lada.url("dialogues?q=Марина"))
        expect(page.locator("main")).to_contain_text("По словам, именам и телефонам ищут те, кому видны люди")


def test_integrator_is_shown_one_dialogue_for_a_reason(salon: Salon, window: Window) -> None:
    """The owner lets him ask, he says why, the owner reads it and no longer lets him."""
    people = salon.lada.url("access")
    with window.page(salon.lada.owner, people, Variant(PHONE)) as (page, _):
        page.get_by_role("button", name="Разрешить просить").first.click()
        expect(page.locator("main")).to_contain_text("может просить показать скрытое")
    with window.page(salon.people["integrator"], salon.marina, Variant(PHONE)) as (page, _):
        page.locator("summary", has_text="Показать").click()
        page.get_by_label("Своими словами").fill("клиентка спорит о времени записи")
        page.get_by_role("button", name="Показать").click()
        expect(page.locator("main")).to_contain_text("Вам открыто до")
        expect(page.locator("h1")).to_contain_text("Марина")
    with window.page(salon.lada.owner, f"{salon.marina}/looks") as (page, _):
        for _ in range(RELOADS_MAX):
            if page.get_by_text("спорит о времени записи").count():
                break
            page.reload()
        expect(page.get_by_text("спорит о времени записи").first).to_be_visible()
        page.goto(people)
        page.get_by_role("button", name="Не разрешать просить").first.click()
        expect(page.locator("main")).to_contain_text("людей не видит")
    with window.page(salon.people["integrator"], salon.marina) as (page, _):
        assert "Марин" not in page.content()
