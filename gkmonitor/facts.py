"""Portal facts as JSON and back: what one crawl saw can be kept, sent on and judged again without a network.

The JSON mirrors the dataclasses of ``records`` field by field; days are ``YYYY-MM-DD``, instants ISO 8601 in UTC. The
field ``schema`` names the version. Unknown fields are ignored, so that an older program reads a newer file of the same
schema.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gkmonitor.errors import FactsError, OutputError, system_words
from gkmonitor.records import FACTS_SCHEMA, PortalFacts

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

MAX_FACTS_BYTES = 256 * 1024 * 1024
_UNNAMED = "事实数据"


@cache
def _adapter() -> TypeAdapter[PortalFacts]:
    from pydantic import TypeAdapter  # deferred: building the schema costs more than the rest of a command's start

    return TypeAdapter(PortalFacts)


def dump_facts(facts: PortalFacts) -> dict[str, Any]:
    """The facts as an object that ``json.dumps`` takes: text, numbers, lists and objects only."""
    return cast("dict[str, Any]", _adapter().dump_python(facts, mode="json"))


def dump_facts_text(facts: PortalFacts) -> str:
    """The object of ``dump_facts`` as JSON text on one line; several times faster than by way of the object.

    It needs no schema: a crawl process would build one for a few lines only.
    """
    from pydantic_core import PydanticSerializationError, to_json

    try:
        return to_json(facts, inf_nan_mode="null").decode("utf-8")
    except PydanticSerializationError:  # a lone surrogate from a broken page
        return json.dumps(dump_facts(facts))


def load_facts(obj: object, source: str | None = None) -> PortalFacts:
    """Read what ``dump_facts`` wrote.

    ``source`` is the file's name for messages. Raises FactsError when the object is no portal facts, is of another
    version, or a field holds what it cannot hold; the message names the file, the field and the expected version.
    """
    from pydantic import ValidationError

    name = source or _UNNAMED
    if not isinstance(obj, dict):
        raise FactsError(f"{name}：内容不是 JSON 对象，请使用 gkmonitor check --save-facts 保存的文件")
    schema = obj.get("schema")
    if schema != FACTS_SCHEMA:
        seen = f"版本为 {schema!r}" if schema is not None else "没有 schema 版本字段"
        raise FactsError(f"{name}：{seen}，本程序只读取 {FACTS_SCHEMA}，请用相同版本的程序重新保存")
    try:
        return _adapter().validate_python(obj)
    except ValidationError as error:
        raise FactsError(f"{name}：{_describe(error)}（版本 {FACTS_SCHEMA}），请重新保存") from error


def read_facts(path: Path) -> PortalFacts:
    """Read a facts file (UTF-8 JSON, with or without BOM). Raises FactsError naming the file and what is wrong."""
    try:
        size = path.stat().st_size
        if size > MAX_FACTS_BYTES:
            raise FactsError(f"{path}：文件有 {size} 字节，超过上限 {MAX_FACTS_BYTES} 字节，不是单个网站的事实文件")
        obj = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError as error:
        raise FactsError(f"{path}：文件不存在，请检查路径") from error
    except IsADirectoryError as error:
        raise FactsError(f"{path}：这是一个文件夹，请写事实文件的路径") from error
    except PermissionError as error:
        raise FactsError(f"{path}：没有读取权限，请检查文件权限") from error
    except OSError as error:
        raise FactsError(f"{path}：无法读取（{system_words(error)}），请检查路径和权限") from error
    except UnicodeDecodeError as error:
        raise FactsError(f"{path}：不是 UTF-8 编码的 JSON 文件（第 {error.start} 字节）") from error
    except json.JSONDecodeError as error:
        raise FactsError(f"{path}：第 {error.lineno} 行第 {error.colno} 列不是合法的 JSON，文件可能不完整") from error
    except (RecursionError, ValueError) as error:
        raise FactsError(f"{path}：不是合法的事实文件（嵌套过深或数值过大）") from error
    return load_facts(obj, str(path))


def write_facts(facts: PortalFacts, path: Path) -> None:
    """Write a facts file that ``read_facts`` takes. Raises OutputError when the file cannot be written."""
    text = json.dumps(dump_facts(facts), ensure_ascii=False, indent=1)
    try:
        path.write_text(text + "\n", encoding="utf-8", errors="replace")  # a lone surrogate from a broken page
    except OSError as error:
        raise OutputError(f"{path}：无法写入（{system_words(error)}），请检查磁盘空间和权限") from error


def _describe(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "顶层"
    value = repr(first.get("input"))
    shown = value if len(value) <= 60 else value[:57] + "..."
    if first["type"] == "missing":
        return f"缺少字段 {place}"
    return f"字段 {place} 的值 {shown} 不合法"
