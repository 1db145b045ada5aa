"""The month's notice as documents, made from the numbers of ``gkmonitor.monthly``."""
