"""What tables, letters, guides and drafts on one page say; next to nothing is spent on pages without them."""

from __future__ import annotations

from gkmonitor.records import Article, Details, PageKind
from spiders.readers.document import Document
from spiders.readers.drafts import is_on_draft, read_draft
from spiders.readers.guides import is_on_guide, read_guide
from spiders.readers.letters import is_on_letters, read_letters
from spiders.readers.related import read_related
from spiders.readers.tables import is_on_rows, read_attachments, read_grids, read_rows

NOTHING = Details()
_NOT_READ = (PageKind.HOME, PageKind.BLOCKED, PageKind.ERROR, PageKind.SHELL)


def read_details(document: Document, article: Article | None, kind: PageKind) -> Details:
    """The details of a page of this kind; none of a home page, which only shows parts of others."""
    if kind in _NOT_READ:
        return NOTHING
    on_rows, on_letters = is_on_rows(document), is_on_letters(document)
    grids = read_grids(document) if on_rows or on_letters else []
    rows = read_rows(document, article, grids) if on_rows else ()
    letters = read_letters(document, article, grids) if on_letters and not rows else ()
    guide = read_guide(document, article) if is_on_guide(document) else None
    draft = read_draft(document, article) if is_on_draft(document, article) else None
    attachments = read_attachments(document)
    related = read_related(document) if kind is PageKind.ARTICLE else ()
    if not (rows or letters or guide or draft or attachments or related):
        return NOTHING
    return Details(rows, letters, (guide,) if guide else (), (draft,) if draft else (), attachments, related)
