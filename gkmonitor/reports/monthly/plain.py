"""The records of ``gkmonitor.monthly.plain``, for writers of documents."""

from gkmonitor.monthly.plain import *  # noqa: F403
