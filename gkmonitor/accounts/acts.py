"""What people do, in Chinese words for the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gkmonitor.accounts.records import ROLE_NAMES

# Acts of the desk; an act that is not here is shown by its code.
ACT_NAMES: Final = {
    "login": "登录",
    "login-failed": "登录失败",
    "logout": "退出登录",
    "logout-elsewhere": "退出其他地方的登录",
    "password-changed": "修改密码",
    "password-reset": "重置密码",
    "account-added": "新建账号",
    "account-changed": "修改账号",
    "account-active": "启用账号",
    "account-disabled": "停用账号",
    "account-logged-out": "让账号退出登录",
    "token-added": "新建接口令牌",
    "token-revoked": "撤销接口令牌",
    "audit-exported": "导出审计",
}
_DETAIL_NAMES: Final = {
    "before": "原来",
    "after": "改为",
    "name": "名称",
    "role": "角色",
    "unit": "单位",
    "scopes": "权限",
    "days": "天数",
    "by": "方式",
    "reason": "理由",
    "note": "说明",
    "count": "数量",
    "month": "月份",
    "number": "文号",
    "value": "内容",
    "file": "文件",
    "cases": "问题",
    "portal": "网站",
    "deadline": "期限",
}
_VALUES: Final = {"command line": "命令行", **{role.value: words for role, words in ROLE_NAMES.items()}}


def act_name(action: str) -> str:
    return ACT_NAMES.get(action, action)


def detail_words(details: Mapping[str, Any]) -> str:
    """The details on one line: names and values, nothing left out."""
    return "；".join(f"{_DETAIL_NAMES.get(name, name)} {_value(value)}" for name, value in details.items())


def _value(value: Any) -> str:
    if value is None or value == "":
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return f"（{detail_words(value)}）"
    if isinstance(value, list):
        return "、".join(map(_value, value)) or "无"
    return str(_VALUES.get(value, value))
