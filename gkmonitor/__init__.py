"""gkmonitor: watches whether Chinese government portals disclose what they must."""

from gkmonitor.compiled import choose_readers

__version__ = "0.1.0"

choose_readers()
