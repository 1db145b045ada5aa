"""Every error that gkmonitor raises on purpose.

::

    GkmonitorError
    ├── UsageError              a word on the command line, a setting or a file is wrong: exit 2
    │   ├── AddressError        not an address that can be inspected
    │   ├── SettingError        a GKMONITOR_* value is junk
    │   ├── PackError           a rule pack is wrong (file, line, what to write instead)
    │   ├── PointsError         an office's table of points is wrong (file, line, what to write instead)
    │   ├── UnitsError          a list of units is wrong (file, line, what to write instead)
    │   ├── ConceptError        the concept data is wrong
    │   ├── FactsError          a facts file is wrong or of another version
    │   ├── RegistryError       a registry file or entry is wrong
    │   ├── LedgerError         a decision that this case does not allow, or no such case
    │   ├── AccountError        an account, a password or a token is wrong
    │   ├── NoticeTemplateError the office's template of the notice is wrong
    │   ├── BackupError         a backup file is wrong, or does not fit the database that it is to fill
    │   ├── StaleError          what somebody looked at has changed since, so that nothing was done
    │   └── DateError           a day or month is malformed
    ├── UnfinishedError         the work could not be finished: exit 3
    │   ├── FetchError          nothing could be fetched
    │   ├── CrawlError          the crawl process failed
    │   ├── StorageError        the database or the evidence folder cannot be used now
    │   ├── DeliveryError       a message could not be sent
    │   ├── ListenError         the address of the web cannot be used
    │   └── OutputError         a result could not be written (disk full, no permission)
    └── CalendarIncomplete      a working-day limit needs a year that has no published calendar

Messages are in Chinese, say what is wrong and how to mend it. Foreign errors are converted at one place a library,
always with ``raise ... from exc``.
"""

from __future__ import annotations

import errno
from typing import Final


class GkmonitorError(Exception):
    """The root; ``str()`` of every descendant is one line in Chinese for the user."""


class UsageError(GkmonitorError):
    """Something the user gave is wrong."""


class AddressError(UsageError):
    """Not an address that can be inspected."""


class SettingError(UsageError):
    """A setting holds junk."""


class PackError(UsageError):
    """A rule pack is wrong."""


class PointsError(UsageError):
    """An office's table of points is wrong."""


class UnitsError(UsageError):
    """A list of units is wrong."""


class ConceptError(UsageError):
    """The concept data is wrong."""


class FactsError(UsageError):
    """A facts file is wrong or of another version."""


class DateError(UsageError):
    """A day or month is malformed."""


class RegistryError(UsageError):
    """A registry file or entry is wrong."""


class LedgerError(UsageError):
    """A decision that this case does not allow, or no such case."""


class AccountError(UsageError):
    """An account, a password or a token is wrong."""


class NoticeTemplateError(UsageError):
    """An office's template of the month's notice is wrong."""


class BackupError(UsageError):
    """A backup file is wrong, or does not fit the database that it is to fill."""


class StaleError(UsageError):
    """What somebody looked at before they decided has changed since."""


class UnfinishedError(GkmonitorError):
    """The work could not be finished."""


class FetchError(UnfinishedError):
    """Nothing could be fetched."""


class CrawlError(UnfinishedError):
    """The crawl process failed."""


class StorageError(UnfinishedError):
    """The database or the evidence folder cannot be used now."""


class DeliveryError(UnfinishedError):
    """A message could not be sent."""


class ListenError(UnfinishedError):
    """The address of the web cannot be used, or its server died."""


class OutputError(UnfinishedError):
    """A result could not be written."""


class CalendarIncomplete(GkmonitorError):  # noqa: N818 - a state of the calendar, not a failure
    """A working-day limit needs a year without a published calendar."""

    def __init__(self, year: int) -> None:
        super().__init__(f"缺少 {year} 年的工作日历，无法计算工作日期限")
        self.year = year


_SYSTEM_WORDS: Final = {
    errno.ENOENT: "文件或文件夹不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "文件系统只读",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.EEXIST: "同名的文件已存在",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENOMEM: "内存不足",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "正被其他程序占用",
    errno.EAGAIN: "系统资源暂时不足",
}


def system_words(error: OSError) -> str:
    """What the operating system says, in Chinese where its number is known."""
    return _SYSTEM_WORDS.get(error.errno or 0) or error.strerror or str(error)
