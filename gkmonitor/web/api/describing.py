"""The description of the interface (OpenAPI 3.1), for whoever is logged in."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from gkmonitor import __version__
from gkmonitor.web.api.shapes import Fault
from gkmonitor.web.faults import EVERY_CODE
from gkmonitor.web.visiting import Anyone

_FAULTS = {
    "400": "给出的内容不对",
    "401": "没有登录，或令牌无效",
    "403": "令牌没有这项权限",
    "404": "没有，或不在可以查看的范围",
    "409": "查看之后情况已经变化，没有执行",
    "422": "填写不完整",
    "503": "暂时不能办理",
}
router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
def describe(who: Anyone) -> dict[str, Any]:
    """What can be called, with what, and what is answered."""
    return describe_api()


@cache
def describe_api() -> dict[str, Any]:
    """The description of every call."""
    from gkmonitor.web import api  # which holds this router too

    found = get_openapi(
        title="gkmonitor",
        version=__version__,
        summary="政府网站公开情况监测",
        description="令牌在“我的账号”页面生成，放在请求头 Authorization: Bearer 之后；权限不超过令牌和账号两者的范围。",
        routes=api.router.routes,
    )
    parts = found.setdefault("components", {})
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    fault = Fault.model_json_schema()
    fault["properties"]["code"]["enum"] = list(EVERY_CODE)
    parts.setdefault("schemas", {})["Fault"] = fault
    found["security"] = [{"token": []}]
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
    for methods in found["paths"].values():
        for call in methods.values():
            call["responses"].update({code: {"description": why, "content": answer} for code, why in _FAULTS.items()})
    return found
