"""``python -m gkmonitor``: the same as the installed command."""

from gkmonitor.cli.main import run

run()
