"""Every route of the application, however deep the router that it came with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute


@dataclass(frozen=True, slots=True)
class Route:
    """``calls``: what is asked before the view, the dependencies of dependencies too."""

    path: str
    methods: frozenset[str]
    calls: tuple[Any, ...]
    view: Any = None


def every_route(app: FastAPI) -> Iterator[Route]:
    """Not those that are mounted (files)."""
    for route in app.routes:
        if isinstance(route, APIRoute):
            yield _route(route)
        elif (contexts := getattr(route, "effective_route_contexts", None)) is not None:
            yield from map(_route, contexts())


def _route(one: Any) -> Route:
    return Route(one.path, frozenset(one.methods or ()), tuple(_calls(one.dependant)), one.dependant.call)


def _calls(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)
