"""The records of ``gkmonitor.monthly.records``, for writers of documents."""

from gkmonitor.monthly.records import *  # noqa: F403
