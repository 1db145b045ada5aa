"""Settings from ``GKMONITOR_*`` variables and ``.env``; the only place that reads the environment.

Every setting may also be given as ``GKMONITOR_<NAME>_FILE``: the name of a file whose first line is the value (secrets
in containers). A variable outranks a file, a file outranks ``.env``. Junk is refused at once with SettingError.
"""

from __future__ import annotations

import getpass
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from gkmonitor import __version__
from gkmonitor.errors import SettingError

if TYPE_CHECKING:
    from gkmonitor.accounts.records import HashCost

PREFIX: Final = "GKMONITOR_"
DEFAULT_USER_AGENT: Final = f"gkmonitor/{__version__} (government portal disclosure check)"
_ADDRESSES: Final = r"^(?:[^\s,@]+@[^\s,@]+(?:\s*,\s*[^\s,@]+@[^\s,@]+)*)?$"  # mail addresses, commas between them
_EXPECTED: Final = {
    "user_agent": "一行可打印的 ASCII 文字，说明是谁在访问，最长 400 个字符",
    "request_delay_seconds": "0 到 600 之间的秒数，例如 1.0",
    "connections_per_host": "1 到 64 之间的整数，例如 1",
    "max_pages": "1 到 100000 之间的整数，例如 120",
    "check_seconds": "1 到 86400 之间的秒数，例如 170",
    "max_body_bytes": "1024 到 1073741824 之间的字节数，例如 10485760",
    "obey_robots": "true 或 false",
    "chromium": "Chromium 浏览器程序的路径，例如 /usr/bin/chromium",
    "timezone": "时区名称，例如 Asia/Shanghai",
    "database_url": "数据库地址，例如 sqlite:////var/lib/gkmonitor/gkmonitor.db 或 postgresql://用户@主机/库名",
    "workers": "1 到 64 之间的整数，例如 1",
    "stalled_seconds": "1 到 86400 之间的秒数，例如 90",
    "log_format": "text 或 json",
    "facts_days": "1 到 36500 之间的天数，例如 400",
    "probe_canaries": "确认本机网络畅通的网址，用逗号分隔，例如 http://www.gov.cn/；不用时写 none",
    "smtp_host": "邮件服务器的主机名，例如 smtp.example.gov.cn",
    "smtp_port": "1 到 65535 之间的端口，例如 587",
    "smtp_from": "发件地址，例如 jiancha@example.gov.cn",
    "smtp_security": "starttls、ssl 或 none",
    "office_mail": "本单位接收采集告警的邮箱，用逗号分隔，例如 jiancha@example.gov.cn",
    "office_webhook": "群机器人的地址，以 http:// 或 https:// 开头",
    "office_webhook_kind": "wecom、dingtalk 或 feishu",
    "quiet_hours": "免打扰时段，例如 22-8；不用时留空",
    "digest_hour": "0 到 23 之间的整点，每天在这个时间汇总发送",
    "close_rectified_days": "0 到 3650 之间的天数，0 表示只由人办结",
    "evidence_dir": "存放证据的文件夹，例如 /var/lib/gkmonitor/evidence",
    "evidence_days": "0 到 36500 之间的天数，例如 730；0 表示不删除",
    "screenshots": "none（不截图）、weighty（单项否决和已确认的问题）或 all（全部问题）",
    "cadence": "更新周期的名称，例如 national-2019",
    "points_table": "扣分表文件，例如 /etc/gkmonitor/points.yaml",
    "units_list": "单位名单文件，例如 /etc/gkmonitor/units.csv",
    "web_secure_cookies": "auto、true 或 false",
    "web_trusted_proxies": "反向代理的地址或网段，用逗号分隔，例如 127.0.0.1,10.0.0.0/8；没有时写 none",
    "web_max_body_bytes": "65536 到 1073741824 之间的字节数，例如 20971520",
    "password_memory_kib": "8 到 4194304 之间的整数（KiB），例如 65536",
    "password_passes": "1 到 100 之间的整数，例如 3",
    "password_lanes": "1 到 64 之间的整数，例如 4",
    "workday_table": "工作日历文件，例如 /etc/gkmonitor/workdays.yaml",
    "office_name": "印发通报的单位，最长 100 个字，例如 青禾县人民政府办公室",
    "region_name": "通报的范围，最长 20 个字，例如 全县",
    "addressee": "通报的主送单位，最长 300 个字，例如 各乡（镇）人民政府，县政府各部门、各直属机构",
    "notice_mark": "版头的发文机关标志（红头），最长 60 个字，例如 青禾县人民政府办公室文件；没有红头时留空",
    "notice_copies": "版记的抄送机关，最长 300 个字，例如 县委各部门，县人大办公室，县政协办公室",
    "notice_printer": "版记的印发机关，最长 60 个字，例如 青禾县人民政府办公室",
    "notice_number_form": "含 {year} 和 {number} 的发文字号，例如 青府办〔{year}〕{number}号",
    "notice_template": "通报的 .docx 模板文件，例如 /etc/gkmonitor/notice.docx",
    "name_unconfirmed": "true 或 false",
    "accuracy_in_annex": "true 或 false",
    "ranking": "true 或 false",
    "desk_private_hosts": "网页上发起的检查可以访问的内网主机名，用逗号分隔，例如 portal.inner.example；没有时留空",
}


class _FileSource(PydanticBaseSettingsSource):
    """Values from the files that ``GKMONITOR_<NAME>_FILE`` name."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        variable = f"{PREFIX}{field_name.upper()}_FILE"
        name = os.environ.get(variable)
        if not name:
            return None, field_name, False
        try:
            with Path(name).open(encoding="utf-8-sig") as stream:
                return stream.readline(65536).strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{variable}：无法读取文件 {name}，请检查路径、权限和编码（UTF-8）") from error

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class Settings(BaseSettings):
    """How gkmonitor behaves on this machine. Build it with ``get_settings``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    user_agent: str = Field(DEFAULT_USER_AGENT, min_length=1, max_length=400, pattern=r"^[\x20-\x7e]+$")
    request_delay_seconds: float = Field(1.0, ge=0, le=600, allow_inf_nan=False)
    connections_per_host: int = Field(1, ge=1, le=64)
    max_pages: int = Field(120, ge=1, le=100_000)
    check_seconds: float = Field(170.0, ge=1, le=86_400, allow_inf_nan=False)
    max_body_bytes: int = Field(10 * 1024 * 1024, ge=1024, le=1024**3)
    obey_robots: bool = True
    timezone: str = "Asia/Shanghai"
    chromium: str = ""  # for --render; empty: the one on the PATH
    database_url: str = ""  # empty: SQLite under the user's data folder
    evidence_dir: str = ""  # empty: in the user's data folder
    evidence_days: int = Field(730, ge=0, le=36_500)  # how long evidence of ended cases is kept; 0: for ever
    screenshots: Literal["none", "weighty", "all"] = "weighty"  # weighty: vetoes at once, others once confirmed
    smtp_host: str = ""  # empty: no mail is sent
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = ""
    smtp_security: Literal["starttls", "ssl", "none"] = "starttls"
    office_mail: str = Field("", pattern=_ADDRESSES)  # who is told when the crawler is unwell
    office_webhook: SecretStr = SecretStr("")  # the same by a group's robot
    office_webhook_kind: Literal["wecom", "dingtalk", "feishu"] = "wecom"
    office_webhook_secret: SecretStr = SecretStr("")
    quiet_hours: str = "22-8"  # of the day, in the time zone; empty: none
    digest_hour: int = Field(9, ge=0, le=23)
    workers: int = Field(1, ge=1, le=64)  # that `serve` starts
    stalled_seconds: float = Field(90.0, ge=1, le=86_400, allow_inf_nan=False)  # a worker silent for so long is dead
    log_format: Literal["text", "json"] = "text"  # of the service's logs
    facts_days: int = Field(400, ge=1, le=36_500)  # how long what inspections saw is kept
    probe_canaries: str = "http://www.gov.cn/,http://www.baidu.com/"  # "none": our own network is taken on trust
    cadence: str = ""  # name or file of the update cadence; empty: the packs' own periods
    points_table: str = ""  # file with the office's points; empty: no points
    units_list: str = ""  # file with the units whose yearly papers are looked for
    close_rectified_days: int = Field(0, ge=0, le=3650)  # after so many days rectified cases are closed; 0: by people
    web_secure_cookies: Literal["auto", "true", "false"] = "auto"  # auto: wherever the page came by HTTPS
    web_trusted_proxies: str = "127.0.0.1,::1"  # whose X-Forwarded-For and -Proto are believed; "none": nobody's
    web_max_body_bytes: int = Field(20 * 1024 * 1024, ge=65_536, le=1024**3)  # of one upload at the desk
    password_memory_kib: int = Field(65_536, ge=8, le=4 * 1024**2)  # RFC 9106, low-memory profile
    password_passes: int = Field(3, ge=1, le=100)
    password_lanes: int = Field(4, ge=1, le=64)
    workday_table: str = ""  # file with further years of working days, or corrected ones
    office_name: str = Field("", max_length=100)  # who issues the month's notice; shown at the desk
    region_name: str = Field("", max_length=20)  # 全市, 全县
    addressee: str = Field("", max_length=300)  # 主送
    notice_mark: str = Field("", max_length=60)  # 发文机关标志 (红头); empty: printed on the office's own paper
    notice_copies: str = Field("", max_length=300)  # 抄送; without it and the next one the notice has no 版记
    notice_printer: str = Field("", max_length=60)  # 印发机关
    notice_number_form: str = ""  # 发文字号 with {year} and {number}; empty: notices bear no such number
    notice_template: str = ""  # .docx that the office has edited; empty: the program's own
    name_unconfirmed: bool = False  # portals without a confirmed violation may be named in the notice
    accuracy_in_annex: bool = False  # the monitor's own accuracy in the public annex too
    ranking: bool = True  # portals are ranked in the notice
    # hosts that checks from the desk may reach though their addresses are private
    desk_private_hosts: str = Field("", pattern=r"^(?:[^\s,/:@]+(?:\s*,\s*[^\s,/:@]+)*)?$")

    @property
    def database_address(self) -> str:
        """The database to open: the one that is set, or an SQLite file in the user's data folder."""
        return self.database_url or f"sqlite:///{_data_folder() / 'gkmonitor.db'}"

    @property
    def private_hosts(self) -> frozenset[str]:
        """Hosts with private addresses that checks from the desk may reach."""
        words = (word.strip().rstrip(".").lower() for word in self.desk_private_hosts.split(","))
        return frozenset(word for word in words if word)

    @property
    def canaries(self) -> tuple[str, ...]:
        """Addresses of which one answers whenever our own network is up."""
        words = (word.strip() for word in self.probe_canaries.split(","))
        return tuple(word for word in words if word and word.lower() != "none")

    @property
    def trusted_proxies(self) -> tuple[str, ...]:
        """Addresses and networks of the reverse proxies before the web."""
        words = (word.strip() for word in self.web_trusted_proxies.split(","))
        return tuple(word for word in words if word and word.lower() != "none")

    @property
    def hash_cost(self) -> HashCost:
        """What hashing a password costs."""
        from gkmonitor.accounts.records import HashCost

        memory = max(self.password_memory_kib, 8 * self.password_lanes)  # argon2 refuses less
        return HashCost(memory, self.password_passes, self.password_lanes)

    @property
    def evidence_folder(self) -> Path:
        """Where evidence is kept: the folder that is set, or one in the user's data folder."""
        return Path(self.evidence_dir).expanduser() if self.evidence_dir else _data_folder() / "evidence"

    @field_validator("office_webhook")
    @classmethod
    def _webhook_is_an_address(cls, secret: SecretStr) -> SecretStr:
        if secret.get_secret_value() and not secret.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("no address")
        return secret

    @field_validator("quiet_hours")
    @classmethod
    def _quiet_hours_are_hours(cls, text: str) -> str:
        from gkmonitor.notifying.timing import parse_hours

        try:
            parse_hours(text)
        except SettingError as error:
            raise ValueError(text) from error
        return text

    @field_validator("notice_number_form")
    @classmethod
    def _number_form_has_its_places(cls, text: str) -> str:
        try:
            if text and not {"2026", "7"} <= set(text.format(year=" 2026 ", number=" 7 ").split()):
                raise ValueError(text)
        except (KeyError, IndexError) as error:
            raise ValueError(text) from error
        return text

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
            raise ValueError(name) from error
        return name

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _FileSource(settings_cls), dotenv_settings


def _data_folder() -> Path:
    """The user's data folder (XDG Base Directory Specification)."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return (Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "share") / "gkmonitor"


def load_settings(**values: Any) -> Settings:
    """Settings from the environment, with ``values`` on top.

    Raises SettingError, in Chinese, naming the variable and what to write.
    """
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingError(_describe(error)) from error
    except UnicodeDecodeError as error:
        raise SettingError(".env 文件不是 UTF-8 编码，请另存为 UTF-8") from error


@cache
def get_settings() -> Settings:
    """The settings of this process, read once. Raises SettingError."""
    return load_settings()


def login_name() -> str:
    """Who runs this program, for the history of what people change."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no name in the environment and none for this user's number
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def find_proxies() -> dict[str, str]:
    """Proxies as the environment names them: keys ``http``, ``https`` and ``no`` (hosts to reach directly).

    The lower-case spelling of a variable outranks the upper-case one, as in curl and Python.
    """
    found = {}
    for key in ("http", "https", "no"):
        value = os.environ.get(f"{key}_proxy") or os.environ.get(f"{key.upper()}_PROXY")
        if value and value.strip():
            found[key] = value.strip()
    return found


def _describe(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    is_secret = name in Settings.model_fields and Settings.model_fields[name].annotation is SecretStr
    shown = "（保密）" if is_secret else repr(first.get("input"))
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return f"{PREFIX}{name.upper()} 的值 {shown} 无效，请填写{_EXPECTED.get(name, '合法的值')}"
