"""Footer marks of a portal, put together from its pages."""

from __future__ import annotations

from dataclasses import replace

from gkmonitor.records import Marks


def merge_marks(first: Marks, more: Marks) -> Marks:
    """What ``first`` lacks, filled in from ``more``; page labels stay the first page's own."""
    return replace(
        first,
        site_name=first.site_name or more.site_name,
        site_id_code=first.site_id_code or more.site_id_code,
        odd_site_id_code=first.odd_site_id_code or more.odd_site_id_code,
        icp=first.icp or more.icp,
        psb=first.psb or more.psb,
        organizer=first.organizer or more.organizer,
        contact=first.contact or more.contact,
        has_party_government_mark=first.has_party_government_mark or more.has_party_government_mark,
        has_error_report_entry=first.has_error_report_entry or more.has_error_report_entry,
    )
