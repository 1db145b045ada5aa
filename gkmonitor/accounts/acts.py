"""What people do, in Chinese words for the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gkmonitor.accounts.records import ROLE_NAMES
from gkmonitor.ledger.states import EVENT_WORDS

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
    "violation-added": "登记人工发现的问题",
    "violation-found": "登记人工发现的问题",
    "pack-download": "下载证据包",
    "pack-download-unmasked": "下载未遮盖的证据包",
    "pack-replayed": "试算规则包",
    "recheck-asked": "申请复查",
    "recheck-start": "安排复查",
    "recheck-done": "办结复查申请",
    "recheck-refused": "不同意复查申请",
    "task-done": "完成任务",
    "tasks-prepared": "生成任务",
    "figure-signed": "签认人工数据",
    "sample-reviewed": "复核样本",
    "month-rechecked": "重新检查将要点名的网站",
    "month-issued": "印发通报",
    "notice-downloaded": "下载通报",
    "unit-notice-downloaded": "下载单位整改通知",
    "registry-imported": "导入登记簿",
    "contacts-exported": "导出联系人",
    "schedule-changed": "修改计划",
    "inspections-asked": "要求立即检查",
    "held-released": "核实改版的网站",
    "spot.check": "现场抽查",
    "portal.inspect": "要求立即检查",
    "portal.pause": "暂停网站",
    "portal.resume": "恢复网站",
    "portal.retire": "停用网站",
    "portal.rename": "网站改名",
    "portal.move": "网站换网址",
    "portal.exempt": "登记豁免",
    "portal.exemption-withdraw": "撤销豁免",
    "portal.delegate": "登记委托公开",
    "portal.delegation-withdraw": "撤销委托公开",
    "portal.release": "核实改版的网站",
}
_OF_CASES: Final = ("violation-", "violations-")
_DECISIONS: Final = {
    "confirm": "确认",
    "dismiss": "排除",
    "notify": "通知整改",
    "close": "办结",
    "appeal": "申诉",
    "answer": "答复",
    **{kind.value: words for kind, words in EVENT_WORDS.items()},
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
    "format": "格式",
    "issued": "已印发",
    "problems": "问题数",
}
_VALUES: Final = {"command line": "命令行", **{role.value: words for role, words in ROLE_NAMES.items()}}


def act_name(action: str) -> str:
    """What was done, in words; decisions about violations bear the ledger's."""
    for prefix in _OF_CASES:
        if action not in ACT_NAMES and action.startswith(prefix):
            decision = action.removeprefix(prefix)
            return f"问题：{_DECISIONS.get(decision, decision)}"
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
