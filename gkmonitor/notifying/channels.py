"""Mail and the group robots of WeCom, DingTalk and Feishu. Each raises DeliveryError with what to check."""

from __future__ import annotations

import base64
import hashlib
import hmac
import smtplib
import ssl
import time
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import httpx

from gkmonitor.errors import DeliveryError
from gkmonitor.notifying.office import with_office_address
from gkmonitor.notifying.records import Message
from gkmonitor.registry.records import Channel, Contact

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

TIMEOUT_SECONDS: Final = 20.0
MAX_ROBOT_BYTES: Final = 4000  # WeCom takes 4,096 bytes of markdown, the others more


def deliver(contact: Contact, message: Message, settings: Settings, proxies: Mapping[str, str]) -> None:
    """Sends one message to one contact. Raises DeliveryError."""
    contact = with_office_address(contact, settings)
    if contact.channel is Channel.MAIL:
        _send_mail(contact.address, message, settings)
    elif contact.channel in _ROBOTS:
        _send_to_robot(contact, message, proxies)
    else:
        raise DeliveryError(f"联系方式“{contact.channel}”不能自动发送，请人工通知")


# ---------------------------------------------------------------- mail


def _send_mail(address: str, message: Message, settings: Settings) -> None:
    if not settings.smtp_host or not settings.smtp_from:
        raise DeliveryError("没有设置邮件服务器，请填写 GKMONITOR_SMTP_HOST 和 GKMONITOR_SMTP_FROM")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings.smtp_from, address, message.subject
    mail["Date"] = formatdate(localtime=False)
    domain = settings.smtp_from.rpartition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{message.identity}@{domain}>" if message.identity else make_msgid(domain=domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    try:
        with _connect(settings) as server:
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(f"邮件没有发出（{_short(error)}），请检查 GKMONITOR_SMTP_* 设置和收件地址") from error


def _connect(settings: Settings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.smtp_security == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


# ---------------------------------------------------------------- group robots


def _send_to_robot(contact: Contact, message: Message, proxies: Mapping[str, str]) -> None:
    secret = _secret(contact)
    stamp = int(time.time())
    text = _fit(f"{message.subject}\n\n{message.text}")
    url, body = _ROBOTS[contact.channel](contact.address, message.subject, text, secret, stamp)
    from gkmonitor.networks import proxy_for

    try:
        with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, proxy=proxy_for(url, proxies)) as client:
            answer = client.post(url, json=body)
        told = answer.json() if answer.content else {}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise DeliveryError(f"消息没有发到群机器人（{type(error).__name__}），请检查地址和网络") from error
    code = told.get("errcode", told.get("code", told.get("StatusCode"))) if isinstance(told, dict) else None
    if answer.status_code != 200 or code not in (0, None):
        words = str(told.get("errmsg") or told.get("msg") or "") if isinstance(told, dict) else ""
        raise DeliveryError(
            f"群机器人没有接收消息（HTTP {answer.status_code}，{words[:80] or code}），请检查地址和密钥"
        )


def _wecom(url: str, _subject: str, text: str, _secret: str, _stamp: int) -> tuple[str, dict[str, Any]]:
    return url, {"msgtype": "markdown", "markdown": {"content": text}}


def _dingtalk(url: str, subject: str, text: str, secret: str, stamp: int) -> tuple[str, dict[str, Any]]:
    if secret:
        milliseconds = stamp * 1000
        sign = _sign(secret.encode(), f"{milliseconds}\n{secret}".encode())
        joint = "&" if urlsplit(url).query else "?"
        url = f"{url}{joint}timestamp={milliseconds}&sign={quote(sign, safe='')}"
    return url, {"msgtype": "markdown", "markdown": {"title": subject, "text": text}}


def _feishu(url: str, _subject: str, text: str, secret: str, stamp: int) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        body |= {"timestamp": str(stamp), "sign": _sign(f"{stamp}\n{secret}".encode(), b"")}
    return url, body


_ROBOTS: Final = {Channel.WECOM: _wecom, Channel.DINGTALK: _dingtalk, Channel.FEISHU: _feishu}


def _sign(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode("ascii")


def _secret(contact: Contact) -> str:
    """The robot's signing secret: written in the contact's preferences, or in a file that they name."""
    name = contact.preferences.get("secret_file")
    if not name:
        return str(contact.preferences.get("secret") or "")
    try:
        return Path(str(name)).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DeliveryError(f"无法读取群机器人的密钥文件 {name}，请检查路径和权限") from error


def _fit(text: str) -> str:
    data = text.encode("utf-8", "replace")
    return text if len(data) <= MAX_ROBOT_BYTES else data[: MAX_ROBOT_BYTES - 3].decode("utf-8", "ignore") + "…"


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
