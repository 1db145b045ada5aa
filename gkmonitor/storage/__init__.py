"""Storage: the only place that knows SQLAlchemy. Models are rows; queries are grouped by noun, one module each."""

from sqlalchemy.orm import Session

from gkmonitor.storage.engine import Database, open_database

__all__ = ["Database", "Session", "open_database"]
