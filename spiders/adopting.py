"""Which links of a page are columns of the portal, by which way they are reached, and how soon they are read."""

from __future__ import annotations

from functools import lru_cache

from gkmonitor.concepts import match_name
from gkmonitor.records import ColumnLink
from spiders.visits import Visit, crawl_words


def is_no_column(link: ColumnLink) -> bool:
    """Whether a link of the navigation leads to no column: another protocol, the home page, an empty name."""
    if not link.url[:8].lower().startswith(("http://", "https://")) or not link.path:
        return True
    name = link.name.strip()
    return not name or name in crawl_words().home_names


def absolute_path(link: ColumnLink, base: tuple[str, ...]) -> ColumnLink:
    """The link with its path from the home page on; ``base`` is the path of the page that offers it.

    A page's own menu may repeat its parents: a path that starts with one of them is joined there. A name that its page
    alone could not place is matched once more with its parents.
    """
    if not base and len(link.path) == 1:
        return link
    path = (*[name for name in link.path[:-1] if not _names_the_site(name)], link.path[-1])
    if base:
        path = (*base[: base.index(path[0])], *path) if path[0] in base else (*base, *path)
    if link.concept is None and len(path) > 1 and (match := match_name(path[-1], path[:-1])):
        return ColumnLink(link.name, link.url, path, match.concept, match.match, link.place)
    return link if path == link.path else ColumnLink(link.name, link.url, path, link.concept, link.match, link.place)


@lru_cache(maxsize=8192)  # portals name their columns alike
def _names_the_site(name: str) -> bool:
    """Whether a parent in a path is the site itself (a logo, the link home), which is no column."""
    words = crawl_words()
    return name.strip() in words.home_names or name.strip().endswith(words.site_name_endings)


def link_priority(visit: Visit) -> int:
    """When a column is read: what leads to required ones, then required ones, first-level ones, and the rest."""
    link = visit.links[0]
    if visit.concept in crawl_words().leading_concepts:
        return 10
    if link.place == "sitemap" or link.name in crawl_words().site_map_names:
        return 15
    if visit.concept is not None:
        return 20 + visit.depth
    return 30 if len(link.path) == 1 else 48 + 5 * visit.depth
