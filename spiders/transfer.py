"""How pages go to a reading process and their facts come back: length-prefixed frames over one socket pair.

A request frame is a pickled ``(body, url, headers)``. An answer frame holds two pickles: the columns of the page, and
the page without them. The columns stand apart because most pages of a portal carry the same menu: equal bytes need not
be unpickled again. Both ends are one program on one machine, and only our own records travel.
"""

from __future__ import annotations

import copyreg
import dataclasses
import io
import pickle
import struct
from collections.abc import Callable, Mapping
from itertools import starmap
from operator import attrgetter
from typing import Any, Final

from gkmonitor import records
from gkmonitor.records import ColumnLink, PageFacts

LENGTH: Final = struct.Struct(">I")
KNOWN_MENUS: Final = 256  # menus kept unpickled


def _reducer(kind: type) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    names = [one.name for one in dataclasses.fields(kind)]
    values = attrgetter(*names)
    if len(names) == 1:
        return lambda record: (kind, (values(record),))
    return lambda record: (kind, values(record))


# What dataclasses with slots bring along for pickling sets field by field from a list; calling the class is faster.
_REDUCERS: Final[dict[type, Callable[[Any], Any]]] = {
    **copyreg.dispatch_table,
    **{
        kind: _reducer(kind)
        for kind in vars(records).values()
        if isinstance(kind, type) and dataclasses.is_dataclass(kind)
    },
}


# A menu has a hundred and more of these: as plain values they take half the time.
_LINK_VALUES: Final = attrgetter(*[one.name for one in dataclasses.fields(ColumnLink)])


def _dump(obj: object) -> bytes:
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=5)
    pickler.dispatch_table = _REDUCERS
    pickler.dump(obj)
    return buffer.getvalue()


def dump_request(body: bytes, url: str, headers: Mapping[str, str]) -> bytes:
    """One page to read, as a frame with its length."""
    payload = pickle.dumps((body, url, dict(headers)), protocol=5)
    return LENGTH.pack(len(payload)) + payload


def load_request(payload: bytes) -> tuple[bytes, str, dict[str, str]]:
    """The page of a request frame, without its length: (body, url, headers)."""
    body, url, headers = pickle.loads(payload)
    return body, url, headers


def dump_page(page: PageFacts) -> bytes:
    """The facts of one page, as a frame with its length."""
    columns, rest = _dump([_LINK_VALUES(link) for link in page.columns]), _dump(dataclasses.replace(page, columns=()))
    return LENGTH.pack(LENGTH.size + len(columns) + len(rest)) + LENGTH.pack(len(columns)) + columns + rest


class PageLoader:
    """Reads answer frames; equal menus are unpickled once."""

    def __init__(self) -> None:
        self._menus: dict[bytes, tuple[ColumnLink, ...]] = {}

    def load(self, payload: bytes) -> PageFacts:
        """The page of an answer frame, without its length."""
        end = LENGTH.size + LENGTH.unpack_from(payload)[0]
        columns = self._columns(payload[LENGTH.size : end])
        page: PageFacts = pickle.loads(memoryview(payload)[end:])
        # The page was made a moment ago and nobody else has seen it yet: cheaper than another one of thirty fields.
        object.__setattr__(page, "columns", columns)
        return page

    def _columns(self, pickled: bytes) -> tuple[ColumnLink, ...]:
        columns = self._menus.pop(pickled, None)
        if columns is None:
            columns = tuple(starmap(ColumnLink, pickle.loads(pickled)))
            if len(self._menus) >= KNOWN_MENUS:
                del self._menus[next(iter(self._menus))]
        self._menus[pickled] = columns  # the latest last
        return columns


class Frames:
    """Puts together the frames that arrive in pieces, in a buffer of its own that grows with the largest."""

    def __init__(self) -> None:
        self._buffer = bytearray(131_072)
        self._filled = 0

    def room(self) -> memoryview:
        """Where the next piece goes."""
        if self._filled == len(self._buffer):
            self._buffer = self._buffer + bytes(len(self._buffer))
        return memoryview(self._buffer)[self._filled :]

    def filled(self, count: int) -> list[bytes]:
        """The frames that are complete with ``count`` more bytes, without their lengths."""
        self._filled += count
        found, at = [], 0
        with memoryview(self._buffer) as view:
            while self._filled - at >= LENGTH.size:
                end = at + LENGTH.size + LENGTH.unpack_from(view, at)[0]
                if end > self._filled:
                    break
                found.append(bytes(view[at + LENGTH.size : end]))
                at = end
            if found:
                left = bytes(view[at : self._filled])
                view[: len(left)] = left
                self._filled = len(left)
        return found
