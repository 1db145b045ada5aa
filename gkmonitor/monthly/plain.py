"""The month's numbers as JSON and back. The same numbers give the same bytes."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gkmonitor.errors import StorageError
from gkmonitor.monthly.records import NUMBERS_SCHEMA, MonthNumbers


@cache
def _adapter() -> TypeAdapter[MonthNumbers]:
    return TypeAdapter(MonthNumbers)


def numbers_object(numbers: MonthNumbers) -> dict[str, Any]:
    """Plain JSON values."""
    found: dict[str, Any] = _adapter().dump_python(numbers, mode="json")
    return found


def month_json(numbers: MonthNumbers) -> bytes:
    """One line of JSON in UTF-8, its keys in the order of the records, without blanks."""
    return _adapter().dump_json(numbers)


def load_numbers(body: bytes) -> MonthNumbers:
    """What ``month_json`` wrote. Raises StorageError when it is damaged or of another version."""
    try:
        found = _adapter().validate_json(body)
    except ValidationError as error:
        raise StorageError("已印发通报的数据不完整，或由不兼容的版本写入，不能读取") from error
    if found.schema != NUMBERS_SCHEMA:
        raise StorageError(f"已印发通报的数据格式是 {found.schema}，本程序只认 {NUMBERS_SCHEMA}")
    return found
