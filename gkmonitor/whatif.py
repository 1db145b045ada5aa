"""What a changed rule pack would answer on stored facts, beside what the packs in force answer. Pure but for reading.

Both sides are judged here, from the same facts, the same history and for the same day: what differs is the pack's doing
and nothing else's. Nothing is written, and no page is fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from gkmonitor.errors import GkmonitorError, PackError
from gkmonitor.judging import Judge
from gkmonitor.ledger.subjects import accusations, subject_key
from gkmonitor.packfields import refuse_traps
from gkmonitor.records import History, Outcome, PortalFacts, Severity, Site, Verdict
from gkmonitor.rulebook import RulePack
from gkmonitor.rules import HEAD, packs_for, parse_pack

if TYPE_CHECKING:
    from gkmonitor.office import OfficeChoices
    from gkmonitor.storage import Session
    from gkmonitor.storage.looks import NewestLook

_Key = tuple[str, str]  # rule, subject key


class ChangeKind(StrEnum):
    """What becomes of one answer, the gravest first."""

    ACCUSED = "accused"  # a violation that was none
    HEAVIER = "heavier"
    LIGHTER = "lighter"
    CLEARED = "cleared"  # a violation no more
    UNDECIDED = "undecided"  # it was decided, and is not any more
    DECIDED = "decided"  # it was not decided, and is now found in order
    OTHER = "other"


CHANGE_WORDS = {
    ChangeKind.ACCUSED: "新增问题",
    ChangeKind.HEAVIER: "程度加重",
    ChangeKind.LIGHTER: "程度减轻",
    ChangeKind.CLEARED: "不再是问题",
    ChangeKind.UNDECIDED: "变为未能判定",
    ChangeKind.DECIDED: "变为可以判定",
    ChangeKind.OTHER: "其他变化",
}
_ORDER = tuple(ChangeKind)
_WEIGHTS = (Severity.ADVICE, Severity.DEDUCTION, Severity.VETO)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that would be another; None: the rule gave no such answer."""

    kind: ChangeKind
    rule: str
    before: Verdict | None
    after: Verdict | None

    @property
    def shown(self) -> Verdict:
        """The answer that says what it is about."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Replay:
    """One portal judged twice; ``why_not``: it could not be, and says so."""

    portal_id: int
    name: str
    url: str
    observed_at: datetime | None = None
    as_of: date | None = None
    is_bound: bool = False  # the changed pack judges this portal
    changes: tuple[Change, ...] = ()
    same: int = 0  # answers that stay
    why_not: str | None = None


@dataclass(frozen=True)
class Outlook:
    """What came of several portals."""

    pack: RulePack
    replays: tuple[Replay, ...]
    counts: dict[ChangeKind, int] = field(init=False)

    def __post_init__(self) -> None:
        kinds = [change.kind for one in self.replays for change in one.changes]
        object.__setattr__(self, "counts", {kind: kinds.count(kind) for kind in _ORDER})


# ---------------------------------------------------------------- pure


def read_pack_files(files: Sequence[tuple[str, bytes]]) -> RulePack:
    """A pack from files that somebody sent, as (name, content): one file, or a pack's parts with its ``pack.yaml``.

    Raises PackError with file, line and what to write instead.
    """
    texts = [(_decoded(body, name), name) for name, body in files]
    if not texts:
        raise PackError("没有选择规则包文件；请选择 .yaml 文件")
    heads = [one for one in texts if one[1].lower() == HEAD] if len(texts) > 1 else texts
    if len(heads) != 1:
        raise PackError(f"一次选了 {len(texts)} 个文件，其中应当正好有一个 {HEAD}；只有一个文件的规则包请只选那一个")
    for text, name in texts:
        refuse_traps(text, name)
    return parse_pack(*heads[0], [one for one in texts if one is not heads[0]])


def _decoded(body: bytes, name: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackError(f"{name}: 不是 UTF-8 编码的文本，请另存为 UTF-8 后再用") from error


def with_pack(packs: Iterable[RulePack], changed: RulePack) -> list[RulePack]:
    """The packs with the changed one in the place of the one of its id, or after them."""
    known = {pack.id: pack for pack in packs}
    return list({**known, changed.id: changed}.values())


def as_in_force(pack: RulePack) -> RulePack:
    """The pack as though its days had come; its rules keep theirs, and a pack that is only used by name is named."""
    return replace(pack, valid_from=None, valid_to=None, default=True)


def replay(
    facts: PortalFacts,
    history: History,
    site: Site,
    as_of: date,
    packs: Sequence[RulePack],
    changed: RulePack,
    choices: OfficeChoices,
) -> tuple[bool, list[Change], int]:
    """(whether the changed pack judges the portal, what would change, how many answers stay).

    ``packs``: all that are there now; ``changed`` takes the place of the one of its id. ``site``: the portal as the
    registry completes it.
    """
    seen = replace(facts, site=site)
    now = choices.apply(packs_for(packs, site, as_of))
    then = choices.apply(packs_for(with_pack(packs, changed), site, as_of))
    before = _answers(Judge(now, as_of, choices.units).judge(seen, history))
    after = _answers(Judge(then, as_of, choices.units).judge(seen, history))
    is_bound = any(pack.id == changed.id for pack in then)
    changes, same = compare(before, after)
    return is_bound, changes, same


def compare(before: dict[_Key, Verdict], after: dict[_Key, Verdict]) -> tuple[list[Change], int]:
    """What differs between two sets of answers, the gravest first, and how many are alike."""
    changes: list[Change] = []
    same = 0
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old is not None and new is not None and _said(old) == _said(new):
            same += 1
        else:
            changes.append(Change(_kind(old, new), key[0], old, new))
    return sorted(_telling(changes), key=lambda one: (_ORDER.index(one.kind), one.rule)), same


def _answers(verdicts: Sequence[Verdict]) -> dict[_Key, Verdict]:
    """One answer a rule and subject: accusations as the ledger would take them, then what was not accused."""
    found = {(one.rule, subject_key(one)): one for one in accusations(verdicts)}
    for one in verdicts:
        if one.outcome is not Outcome.VIOLATION:
            found.setdefault((one.rule, subject_key(one)), one)
    return found


def _said(verdict: Verdict) -> tuple[object, ...]:
    is_accused = verdict.outcome is Outcome.VIOLATION
    return (verdict.outcome, verdict.severity if is_accused else None, verdict.points if is_accused else None)


def _kind(old: Verdict | None, new: Verdict | None) -> ChangeKind:
    was, will = _is_accused(old), _is_accused(new)
    if was and will:
        assert old is not None
        assert new is not None
        step = _WEIGHTS.index(new.severity) - _WEIGHTS.index(old.severity)
        return ChangeKind.HEAVIER if step > 0 else ChangeKind.LIGHTER if step < 0 else ChangeKind.OTHER
    if was or will:
        return ChangeKind.CLEARED if was else ChangeKind.ACCUSED
    if new is not None and new.outcome is Outcome.UNDECIDED:
        return ChangeKind.UNDECIDED
    if old is not None and old.outcome is Outcome.UNDECIDED and new is not None and new.outcome is Outcome.OK:
        return ChangeKind.DECIDED
    return ChangeKind.OTHER


def _telling(changes: Sequence[Change]) -> list[Change]:
    """Without answers of no weight that a rule gave on a subject for which it now has another answer beside them.

    A rule that no longer says 正常 of the portal as a whole because it accuses a column tells one thing, not two.
    """
    loud = {one.rule for one in changes if one.kind is not ChangeKind.OTHER}
    return [one for one in changes if one.kind is not ChangeKind.OTHER or one.rule not in loud]


def _is_accused(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.outcome is Outcome.VIOLATION


# ---------------------------------------------------------------- over what is stored


def look_ahead(
    session: Session,
    looks: Sequence[NewestLook],
    changed: RulePack,
    packs: Sequence[RulePack],
    choices: OfficeChoices,
) -> Outlook:
    """The changed pack over the newest inspections given; facts that cannot be read are told as such."""
    return Outlook(changed, tuple(_replay(session, look, changed, packs, choices) for look in looks))


def _replay(
    session: Session, look: NewestLook, changed: RulePack, packs: Sequence[RulePack], choices: OfficeChoices
) -> Replay:
    from gkmonitor.cycles.knowing import as_known_before, read_history
    from gkmonitor.storage.inspections import load_stored_facts
    from gkmonitor.storage.portals import get_portal

    portal = get_portal(session, look.portal_id)
    told = Replay(portal.id, portal.name, portal.url, look.observed_at, look.as_of)
    try:
        facts = load_stored_facts(session, look.facts_id)
    except GkmonitorError as error:
        return replace(told, why_not=str(error))
    known = facts.site
    site = replace(
        known,
        name=known.name or portal.name,
        site_id_code=known.site_id_code or portal.site_id_code,
        organizer=known.organizer or portal.organizer,
    )
    history = as_known_before(read_history(session, portal.id, look.as_of), look.observed_at)
    is_bound, changes, same = replay(facts, history, site, look.as_of, packs, changed, choices)
    return replace(told, is_bound=is_bound, changes=tuple(changes), same=same)
