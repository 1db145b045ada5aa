"""Whatever an address says is answered with a page: numbers that no database counts to, months of no calendar, NUL."""

from __future__ import annotations

from desk_client import client_as

from gkmonitor.accounts.records import Role
from gkmonitor.storage import Database

HUGE = "9" * 30
ADDRESSES = [
    *(f"/tasks/{HUGE}", f"/cycles/{HUGE}", f"/tasks?portal={HUGE}", f"/tasks?after={HUGE}", f"/registry?unit={HUGE}"),
    *("/tasks?q=%00", "/tasks?rule=%00", "/registry?q=%00%ff", "/registry?region=%00", "/cycles/schedules/%00"),
    *("/tasks/0", "/tasks/-1", "/tasks/x", "/cycles/0", f"/cycles?after={HUGE}", "/cycles?kind=%00"),
    *("/tasks?month=0001-01", "/tasks?month=9999-12", "/figures?month=0001-01", "/figures?month=9999-12"),
    *("/month?month=0001-01", "/month?month=9999-12", f"/month/2026-10/lists/problems?after={HUGE}"),
    *("/month/0001-01/samples", f"/month/2026-10/samples?after={HUGE}", "/month/2026-10/lists/problems?q=%00"),
    *("/rules?q=%00", "/rules/packs/%00", "/rules/coverage?document=%00&how=%00", "/rules/packs/a/%00"),
    *("/rules/whatif/%00", "/rules/whatif/..%2f..", f"/rules/whatif/{'x' * 32}", f"/rules/whatif/{'x' * 32}/outcome"),
    f"/rules/whatif/{'x' * 32}/changes?rule=%00&kind=%00&after={HUGE}",
    *("/month/0001-01/units", f"/month/2026-10/units?after={HUGE}&q=%00", "/month/2026-10/units/notice.docx?unit=%00"),
]


def test_no_address_makes_the_desk_fail(database: Database) -> None:
    with client_as(database, Role.ADMINISTRATOR) as client:
        for address in ADDRESSES:
            answer = client.get(address)
            assert answer.status_code < 500 or "没有在运行的网站" in answer.text, (address, answer.status_code)
        forms = {
            f"/tasks/{HUGE}": {"outcome": "ok"},
            "/tasks/prepare": {"month": "0001-01"},
            "/figures/0001-01": {"finder-received": "1"},
            "/figures/2026-10": {"accountability-note": "a\0b"},
            "/cycles/1/release": {"portal": HUGE},
            "/cycles/schedules/%00": {"cron": "0 1 * * *"},
            f"/month/2026-10/samples/{HUGE}": {"outcome": "right"},
            "/month/0001-01/issue": {"sure": "yes"},
            "/registry/import/confirm": {"token": "\0"},
            "/rules/whatif": {"month": "0001-01", "pack": "national-2019-19"},
            f"/rules/whatif/{'x' * 32}/stop": {},
            "/rules/whatif/..%2f../continue": {},
        }
        for address, fields in forms.items():
            assert client.post(address, fields).status_code < 500, address
