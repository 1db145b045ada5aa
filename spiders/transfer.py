"""How pages go to a reading process and their facts come back: length-prefixed frames over one socket pair.

A request frame is a pickled ``(body, url, headers)``. An answer frame holds the number of the page's menu (its
columns), that menu where this number is new, and the page without it. Most pages of a portal carry the same menu, which
therefore travels once. Both ends are one program on one machine, and only our own records travel.
"""

from __future__ import annotations

import copyreg
import dataclasses
import io
import itertools
import pickle
import struct
from collections.abc import Callable, Mapping
from itertools import starmap
from operator import attrgetter
from typing import Any, Final

from gkmonitor import records
from gkmonitor.records import ColumnLink, PageFacts

LENGTH: Final = struct.Struct(">I")
_MENU: Final = struct.Struct(">II")  # its number, and the length of its pickle: 0 where the number is known
KNOWN_MENUS: Final = 256  # numbers that both ends keep, and menus kept unpickled


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
_PAGE_VALUES: Final = attrgetter(*[one.name for one in dataclasses.fields(PageFacts)])
_COLUMNS_AT: Final = [one.name for one in dataclasses.fields(PageFacts)].index("columns")


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


class PageDumper:
    """Makes the answer frames of one reading process.

    Readers remember the links of a menu by what makes them, so an equal menu consists of the very same links, and is
    told by them without looking into it. Where one does not, it only travels again.
    """

    def __init__(self) -> None:
        # By the ids of their links, which hold because the links are kept.
        self._menus: dict[tuple[int, ...], tuple[int, tuple[ColumnLink, ...]]] = {}
        self._numbers = itertools.count()

    def dump(self, page: PageFacts) -> bytes:
        """The facts of one page, as a frame with its length."""
        number, menu = self._menu(page.columns)
        values = list(_PAGE_VALUES(page))
        values[_COLUMNS_AT] = None
        rest = _dump(values)
        size = _MENU.size + len(menu) + len(rest)
        return b"".join((LENGTH.pack(size), _MENU.pack(number, len(menu)), menu, rest))

    def _menu(self, columns: tuple[ColumnLink, ...]) -> tuple[int, bytes]:
        """The number of a menu, and its pickle where the other end does not know it."""
        links = tuple(map(id, columns))
        if (known := self._menus.get(links)) is not None:
            return known[0], b""
        number = next(self._numbers)
        self._menus[links] = number, columns
        if len(self._menus) > KNOWN_MENUS:
            del self._menus[next(iter(self._menus))]
        return number, _dump([_LINK_VALUES(link) for link in columns])


class Menus:
    """Menus by their pickles, so that the same one from several reading processes is one object."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[ColumnLink, ...]] = {}

    def load(self, pickled: bytes) -> tuple[ColumnLink, ...]:
        columns = self._known.pop(pickled, None)
        if columns is None:
            columns = tuple(starmap(ColumnLink, pickle.loads(pickled)))
            if len(self._known) >= KNOWN_MENUS:
                del self._known[next(iter(self._known))]
        self._known[pickled] = columns  # the latest last
        return columns


class PageLoader:
    """Reads the answer frames of one reading process, in their order."""

    def __init__(self, menus: Menus | None = None) -> None:
        self._menus = menus or Menus()
        self._numbered: dict[int, tuple[ColumnLink, ...]] = {}

    def load(self, payload: bytes) -> PageFacts:
        """The page of an answer frame, without its length."""
        number, size = _MENU.unpack_from(payload)
        end = _MENU.size + size
        if size:
            self._numbered[number] = self._menus.load(payload[_MENU.size : end])
            if len(self._numbered) > KNOWN_MENUS:  # as the other end forgets them
                del self._numbered[next(iter(self._numbered))]
        values = pickle.loads(memoryview(payload)[end:])
        values[_COLUMNS_AT] = self._numbered[number]
        return PageFacts(*values)


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
