"""Passwords: argon2id hashes, what a new one must be like, one-time passwords, secrets and their digests."""

from __future__ import annotations

import hashlib
import secrets
import threading
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gkmonitor.accounts.records import HashCost
from gkmonitor.errors import AccountError

SHORTEST: Final = 10
LONGEST: Final = 128  # characters: a longer one would only cost time
_READABLE: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # without 0/o and 1/l
_COMMON: Final = frozenset(
    {
        "1234567890",
        "0123456789",
        "0987654321",
        "12345678910",
        "123456789a",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "abc1234567",
        "abcd123456",
        "abcd1234567",
        "admin12345",
        "admin123456",
        "administrator",
        "iloveyou1314",
        "password01",
        "password12",
        "password123",
        "password1234",
        "password12345",
        "passw0rd123",
        "p@ssw0rd123",
        "qwerty1234",
        "qwerty12345",
        "qwertyuiop",
        "woaini1314",
        "woaini520520",
        "zaq12wsxcde3",
    }
)
# Each hash takes 64 MiB: a burst of logins must not take the machine's memory.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


@cache
def _hasher(cost: HashCost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)


@cache
def _hash_of_nobody(cost: HashCost) -> str:
    return _hasher(cost).hash(secrets.token_urlsafe())


def hash_password(password: str, cost: HashCost) -> str:
    """The hash to keep, with its salt and cost."""
    with _AT_ONCE:
        return _hasher(cost).hash(password)


def is_password(kept: str | None, password: str, cost: HashCost) -> bool:
    """Whether the hash is this password's. None (no such account) costs as much time and is never right."""
    known = kept if kept is not None else _hash_of_nobody(cost)
    if len(password) > LONGEST:
        password = ""
    with _AT_ONCE:
        try:
            _hasher(cost).verify(known, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str, cost: HashCost) -> bool:
    """Whether the hash was made at another cost: to be made anew when its password is next typed."""
    return _hasher(cost).check_needs_rehash(kept)


def check_password(password: str, login: str, name: str = "") -> None:
    """Raises AccountError for a password that is easily guessed. Length counts, kinds of characters do not."""
    if len(password) < SHORTEST:
        raise AccountError(f"密码太短，至少要 {SHORTEST} 个字符；可以用几个不相干的词连起来")
    if len(password) > LONGEST:
        raise AccountError(f"密码太长，最多 {LONGEST} 个字符")
    lower = password.casefold()
    if lower in _COMMON or len(set(lower)) < 5:
        raise AccountError("这个密码很容易被猜到，请换一个")
    if (len(login) >= 4 and login in lower) or (len(name) >= 2 and name.casefold() in lower):
        raise AccountError("密码里不要包含账号或姓名，请换一个")


def one_time_password() -> str:
    """Sixteen readable characters in groups of four (80 bits): for the first login only."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def new_secret() -> str:
    """What a cookie or a token holds: 256 bits."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What the database keeps of a secret: it has 256 bits, so a plain SHA-256 cannot be turned back."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
