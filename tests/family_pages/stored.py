"""Pages stored as they would be sent, with labels beside them in the form of the corpus of real pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from family_pages.content import Sample, Want

FOURTH = Path(__file__).parent / "fourth"


def stored_samples(folder: Path = FOURTH) -> list[Sample]:
    """One sample per line of ``manifest.jsonl``: the bytes of the page, its address and what its label asks."""
    lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    return [
        Sample(
            "stored",
            Path(line["file"]).stem,
            line["url"],
            (folder / line["file"]).read_bytes(),
            wanted(json.loads((folder / line["label"]).read_text("utf-8"))),
        )
        for line in lines
    ]


def wanted(label: dict[str, Any]) -> Want:
    entries, article = label["list"] or {}, label["article"] or {}
    site, flags = label["site"] or {}, label["flags"] or {}
    return Want(
        tuple(label["page"]),
        items=entries.get("items"),
        newest=entries.get("newest_date"),
        oldest=entries.get("oldest_date"),
        first=entries.get("first_title"),
        last=entries.get("last_title"),
        is_article=bool(article),
        title=article.get("title"),
        published=article.get("pub_date"),
        columns=tuple(site.get("columns", ())),
        sub_columns=tuple(site.get("sub_columns", ())),
        is_complete=bool(site.get("columns_complete")),
        code=site.get("site_id_code"),
        icp=next(iter(site.get("icp", ())), None),
        organizer=site.get("organizer"),
        budget=flags.get("has_budget_column"),
        double_publicity=flags.get("has_double_publicity_column"),
    )
