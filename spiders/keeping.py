"""What a crawl keeps of each answer when an inspection asks for evidence: see ``gkmonitor.evidence.keeping``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from gkmonitor.evidence.keeping import PageKeeper, kept_file
from gkmonitor.evidence.records import KeptPage
from gkmonitor.records import PageFacts
from spiders.fetching import Fetched
from spiders.frontier import Task
from spiders.jobs import CrawlJob, CrawlLimits


def open_keeper(job: CrawlJob, limits: CrawlLimits) -> PageKeeper | None:
    """Where the pages of a portal go; None when nobody asked for them."""
    return PageKeeper(kept_file(Path(limits.keep_dir), job.url)) if limits.keep_dir else None


def keep_answer(keeper: PageKeeper, task: Task, fetched: Fetched, page: PageFacts | None) -> None:
    """Keeps what a server answered; ``page`` is what it says, where it was read. Never raises."""
    if fetched.status is None or fetched.observation.sha256 is None:
        return
    keeper.keep(
        KeptPage(
            url=fetched.url,
            final_url=fetched.final_url,
            fetched_at=fetched.fetched_at,
            status=fetched.status,
            headers=fetched.headers,
            body=fetched.body,
            sha256=fetched.observation.sha256,
            purpose=task.purpose.value,
            column=task.column,
            server_address=fetched.server_address,
            tls=describe_certificate(fetched.certificate) if fetched.certificate else None,
            encoding=page.encoding if page is not None else None,
            is_rendered=fetched.is_rendered,
        )
    )


@lru_cache(maxsize=512)
def describe_certificate(der: bytes) -> Mapping[str, str] | None:
    """Who a server's certificate names and who issued it, from when to when; None when it cannot be read."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        return {
            "subject": certificate.subject.rfc4514_string(),
            "issuer": certificate.issuer.rfc4514_string(),
            "not_before": certificate.not_valid_before_utc.isoformat(),
            "not_after": certificate.not_valid_after_utc.isoformat(),
            "sha256": certificate.fingerprint(SHA256()).hex(),
        }
    except (ValueError, x509.InvalidVersion):  # a name or a date that the standard does not know
        return None
