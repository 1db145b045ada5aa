"""Evidence packs: one case as one zip that others can read and check without us and without a network.

The same case gives the same bytes. Personal numbers are masked, and the original bytes left out, unless an unmasked
pack is asked for.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from gkmonitor.evidence.dossier import Checked, Dossier
from gkmonitor.evidence.masking import mask_object
from gkmonitor.evidence.merkle import leaf_digest
from gkmonitor.evidence.pack_page import Copies, pack_page
from gkmonitor.evidence.pack_words import how_to_verify
from gkmonitor.evidence.reading_copies import reading_copy
from gkmonitor.evidence.records import DayRoot, Kind
from gkmonitor.evidence.slicing import slice_warc
from gkmonitor.ledger.objects import case_details_object, event_object
from gkmonitor.verdicts import instant_text

MANIFEST: Final = "MANIFEST.sha256"
PAGE: Final = "index.html"
VERIFYING: Final = "如何核验.txt"
_ADDRESSES: Final = ("url", "final_url", "sha256", "digest", "previous_digest", "page", "pages", "missing", "leaf")
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # zip knows no earlier moment
_READABLE: Final = 0o644 << 16


@dataclass(frozen=True, slots=True)
class Pack:
    """A finished pack. ``masked``: how many personal numbers were masked in the copies of its pages."""

    data: bytes
    masked: int
    faults: tuple[str, ...]  # evidence that could not be had or does not hold


def build_pack(dossier: Dossier, zone: ZoneInfo, *, is_unmasked: bool = False) -> Pack:
    """The pack of one case."""
    files: dict[str, bytes] = {}
    copies = _copies(dossier, files)
    shown = {one.piece.id: _shown(one, is_unmasked) for one in dossier.evidence}
    files |= dict(_objects(dossier, shown, is_unmasked))
    files |= dict(_attached(dossier, copies, is_unmasked))
    files |= {f"stamps/{day}.tsr": root.stamp for day, root in dossier.roots.items() if root.stamp is not None}
    files[PAGE] = pack_page(dossier, shown, copies, sorted(files), zone, is_unmasked=is_unmasked).encode()
    files[VERIFYING] = how_to_verify(dossier, is_unmasked=is_unmasked).encode()
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())]
    files[MANIFEST] = "".join(lines).encode()
    faults = tuple(one.fault for one in dossier.evidence if one.fault)
    return Pack(_zipped(files), sum(copies.masked.values()), faults)


# ---------------------------------------------------------------- parts


def _copies(dossier: Dossier, files: dict[str, bytes]) -> Copies:
    """Reading copies of the pages, each body once."""
    copies = Copies()
    for one in dossier.evidence:
        piece = one.piece
        if piece.kind != Kind.PAGE or one.content is None or piece.sha256 in copies.names:
            continue
        details = piece.details
        made = reading_copy(
            one.content,
            url=piece.url or "",
            encoding=details.get("encoding"),
            content_type=str(details.get("content_type") or ""),
            sha256=piece.sha256,
        )
        if made is not None:
            name = f"pages/{piece.sha256[:16]}.html"
            files[name], copies.masked[piece.sha256] = made
            copies.names[piece.sha256] = name
    return copies


def _shown(one: Checked, is_unmasked: bool) -> Mapping[str, Any] | None:
    """What was read and judged, as the pack shows it."""
    reading = one.reading
    if reading is None or is_unmasked:
        return reading
    masked: Mapping[str, Any] = mask_object(reading, except_keys=_ADDRESSES)
    return masked


def _objects(
    dossier: Dossier, shown: Mapping[int, Mapping[str, Any] | None], is_unmasked: bool
) -> Iterator[tuple[str, bytes]]:
    def masked(obj: Any) -> Any:
        return obj if is_unmasked else mask_object(obj, except_keys=_ADDRESSES)

    observations = [
        {"inspection": one.inspection_id, "observed_at": instant_text(one.observed_at), "verdict": dict(one.verdict)}
        for one in reversed(dossier.observations)
    ]
    case = {"schema": "gkmonitor.case/1", **case_details_object(dossier.case), "observed": observations}
    yield "case.json", _json(masked(case))
    events = []
    for event in dossier.events:
        whole = {**event_object(event), "case_id": event.case_id, "previous_digest": event.previous_digest}
        whole["at"] = event.at.isoformat(timespec="microseconds")  # as it enters the digest
        events.append({**masked(whole), "is_masked": masked(whole) != whole})
    yield "events.json", _json(events)
    yield "day_roots.json", _json([_root(root, dossier) for root in dossier.roots.values()])
    for one in dossier.evidence:
        if (reading := shown[one.piece.id]) is not None:
            yield f"observations/inspection-{one.piece.inspection_id}.json", _json(reading)


def _root(root: DayRoot, dossier: Dossier) -> dict[str, Any]:
    proofs = [
        {
            "evidence": one.piece.id,
            "leaf": one.proof.leaf,
            "leaf_digest": one.proof.leaf_digest,
            "steps": [{"side": step.side, "digest": step.digest} for step in one.proof.steps],
        }
        for one in dossier.evidence
        if one.proof is not None and one.proof.day == root.day
    ]
    chain = root.details.get("chain")
    return {
        "day": root.day.isoformat(),
        "root": root.root,
        "made_at": instant_text(root.made_at),
        "leaves": len(root.leaves),
        "chain": {"leaf": chain, "leaf_digest": leaf_digest(chain)} if chain else None,
        "stamp": f"stamps/{root.day}.tsr" if root.stamp is not None else None,
        "proofs": proofs,
    }


def _attached(dossier: Dossier, copies: Copies, is_unmasked: bool) -> Iterator[tuple[str, bytes]]:
    """Original bytes, where they may go in: screenshots of pages without personal numbers, else only unmasked."""
    for one in dossier.evidence:
        piece = one.piece
        if one.content is None:
            continue
        if piece.kind == Kind.SCREENSHOT and (is_unmasked or not copies.masked.get(piece.details.get("page", ""), 1)):
            yield f"screenshots/{piece.sha256[:16]}.png", one.content
        elif piece.kind == Kind.UPLOAD and is_unmasked:
            suffix = piece.path.rpartition("/")[2].partition(".")[2]
            yield f"uploads/{piece.sha256[:16]}{'.' + suffix if suffix else ''}", one.content
    if is_unmasked:
        yield from slice_warc(dossier)


def _json(obj: Any) -> bytes:
    return (json.dumps(obj, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "replace")


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every machine
            entry.external_attr = _READABLE
            archive.writestr(entry, data)
    return buffer.getvalue()
