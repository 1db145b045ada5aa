"""gkmonitor: watches whether Chinese government portals disclose what they must."""

__version__ = "0.1.0"
