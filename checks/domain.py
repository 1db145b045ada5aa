"""The portal's domain name and site code. 国办发〔2017〕47号."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from gkmonitor.checking import PortalCheck, Undecided, register
from gkmonitor.records import PortalFacts, Reason, Verdict

# Names that no public registry gives out say nothing about the portal's own (RFC 2606, RFC 6761, RFC 6762).
_NOT_PUBLIC = ("localhost", "test", "example", "invalid", "local", "internal")
_SITE_CODE = re.compile(r"\d{10}|bm\d{8}", re.IGNORECASE)


@register
class DomainNonconforming(PortalCheck):
    """The portal's host name or its site code does not have the form that the guideline gives."""

    code = "domain-nonconforming"
    # what: suffix: the host ends in one of suffixes; host: it has the form www.X.suffix of a portal; site-code: the
    # site code has ten digits, or bm and eight.
    requires = ("what",)
    accepts = ("suffixes",)
    values: ClassVar = {"what": ("suffix", "host", "site-code"), "suffixes": "texts"}

    def judge(self, facts: PortalFacts) -> Iterator[Verdict]:
        if self.params["what"] == "site-code":
            yield self._site_code(facts)
            return
        host = _public_host(facts)
        suffix = next((s for s in self.params.get("suffixes", ()) if host.endswith("." + s)), None)
        if self.params["what"] == "host":
            yield self._form(host, suffix)
        elif suffix is not None:
            yield self.ok(None, f"域名 {host} 以 .{suffix} 结尾", measured=host)
        else:
            yield self._wrong_suffix(host)

    def _wrong_suffix(self, host: str) -> Verdict:
        endings = "、".join("." + suffix for suffix in self.params.get("suffixes", ()))
        return self.violation(
            None,
            f"网站域名 {host} 不以 {endings} 结尾",
            measured=host,
            required=f"以 {endings} 结尾",
            quote=self.facts.site.final_url,
        )

    def _form(self, host: str, suffix: str | None) -> Verdict:
        if suffix is None:
            return self.not_applicable(f"域名 {host} 的后缀由其他规则判断")
        label = host.removesuffix("." + suffix)
        if re.fullmatch(r"(?:www\.)?[^.]+", label):
            return self.ok(None, f"域名 {host} 符合 www.□□□.{suffix} 的形式", measured=host)
        return self.violation(
            None,
            f"门户网站域名 {host} 不是 www.□□□.{suffix} 的形式",
            measured=host,
            required=f"www.□□□.{suffix}",
            quote=self.facts.site.final_url,
        )

    def _site_code(self, facts: PortalFacts) -> Verdict:
        marks = facts.marks
        code = (facts.site.site_id_code or marks.site_id_code or marks.odd_site_id_code or "").strip()
        if not code:
            return self.not_applicable("没有读到网站标识码（是否标注由其他规则判断）")
        if _SITE_CODE.fullmatch(code):
            return self.ok(None, f"网站标识码 {code} 符合格式", measured=code)
        return self.violation(
            None,
            f"网站标识码 {code} 应为10位数字，或 bm 加8位数字",
            measured=code,
            required="10位数字，或 bm 加8位数字",
            quote=f"网站标识码：{code}",
        )


def _public_host(facts: PortalFacts) -> str:
    """The host that the portal was found at. Raises Undecided where it was reached by a number or a private name."""
    host = (urlsplit(facts.site.final_url).hostname or "").rstrip(".").lower()
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if "." in host and host.rsplit(".", 1)[-1] not in _NOT_PUBLIC:
            return host
    raise Undecided(Reason.NOT_OBSERVED, f"本次以“{host}”访问，不是公开的域名，不能判断域名是否规范")
