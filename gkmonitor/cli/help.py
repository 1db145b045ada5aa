"""How the command line speaks: commands loaded only when named, help pages and usage errors in Chinese.

Help is laid out here and not by Rich, because importing Rich alone would take most of the time that `--help` may take,
and because Click's own layout breaks lines at blanks, which Chinese text does not have.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from shutil import get_terminal_size
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from gkmonitor.cli.console import PipeClosedError, StoppedError, complain, guarded
from gkmonitor.errors import UsageError
from gkmonitor.reports.wrapping import width, wrap

EXIT_USAGE = 2
EXIT_BY_SIGINT = 130  # what Typer makes of Ctrl-C outside a command
MAX_HELP_COLUMNS = 100
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Named(NamedTuple):
    """A command as the list shows it: the module is imported only when the command is used."""

    module: str
    summary: str


def _rows(rows: Sequence[tuple[str, str]], columns: int) -> list[str]:
    left = min(max(width(name) for name, _ in rows), 30)
    out: list[str] = []
    for name, text in rows:
        lines = wrap(text, max(20, columns - left - 4))
        if width(name) > left:
            out.append(f"  {name}")
            out.extend(f"  {'':{left}}  {line}" for line in lines)
        else:
            out.append(f"  {name}{' ' * (left - width(name))}  {lines[0]}")
            out.extend(f"  {'':{left}}  {line}" for line in lines[1:])
    return [line.rstrip() for line in out]


def _option_row(option: TyperOption) -> tuple[str, str]:
    names = ", ".join(option.opts)
    if not option.is_flag:
        names += f" {option.metavar or '值'}"
    text = "显示这份说明" if "--help" in option.opts else option.help or ""
    return names, text + ("（可重复）" if option.multiple else "")


def render_help(command: Command | Group, context: typer.Context) -> str:
    """One command's help page as plain text, fitted to the terminal."""
    columns = min(get_terminal_size((80, 24)).columns - 1, MAX_HELP_COLUMNS)
    pieces = [piece.replace("[OPTIONS]", "[选项]") for piece in command.collect_usage_pieces(context)]
    out = [f"用法：{context.command_path} {' '.join(pieces)}", ""]
    out += [line for part in (command.help or "").split("\n\n") for line in [*wrap(part, columns), ""]]
    if isinstance(command, Group):
        rows = [(name, command.summary_of(name, context)) for name in command.list_commands(context)]
        out += ["命令：", *_rows(rows, columns), ""]
    params = command.get_params(context)
    arguments = [(p.metavar or p.name or "", getattr(p, "help", "") or "") for p in params if not _is_option(p)]
    options = [_option_row(p) for p in params if isinstance(p, TyperOption) and not p.hidden]
    for heading, rows in (("参数：", arguments), ("选项：", options)):
        out += [heading, *_rows(rows, columns), ""] if rows else []
    out += wrap(command.epilog, columns) if command.epilog else []
    return "\n".join(out).rstrip("\n")


def _is_option(param: object) -> bool:
    return isinstance(param, TyperOption)


class Command(TyperCommand):
    """A command whose help is laid out here; pass it as ``cls`` to ``app.command``."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(render_help(self, ctx))


@cache
def _built(module: str) -> Any:
    return typer.main.get_command(import_module(module).app)


class Group(TyperGroup):
    """A group whose commands may be loaded on demand; it ends with the contract's exit codes, in Chinese words."""

    later: ClassVar[Mapping[str, Named]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        return [*self.later, *(name for name in self.commands if name not in self.later)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in self.later and cmd_name not in self.commands:
            loaded = _built(self.later[cmd_name].module)
            loaded.name = cmd_name
            self.commands[cmd_name] = loaded
        return self.commands.get(cmd_name)

    def summary_of(self, name: str, context: Any) -> str:
        """One line on a command, without loading it."""
        if name in self.later:
            return self.later[name].summary
        command = self.get_command(context, name)
        return str(command.get_short_help_str(400))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            raise UsageError(f"没有“{name}”这个命令，{_near(name, self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(render_help(self, ctx))

    def invoke(self, ctx: Any) -> Any:
        """Keep Ctrl-C and a closed pipe away from Typer, which has exit codes of its own for them."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise StoppedError from error
        except BrokenPipeError as error:
            raise PipeClosedError from error

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, and end the process with one of the contract's exit codes; nothing prints a traceback."""
        extra["standalone_mode"] = False
        sys.exit(guarded(lambda: self._run(args, extra)))

    def _run(self, args: tuple[Any, ...], extra: dict[str, Any]) -> int:
        try:
            code = super().main(*args, **extra)
        except TyperException as error:
            return _tell_usage_error(error)
        if code == EXIT_BY_SIGINT:
            raise StoppedError
        return code if isinstance(code, int) else 0


def _near(word: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(word, names, n=3, cutoff=0.5)
    return f"是不是 {'、'.join(near)}？" if near else f"可用的有：{'、'.join(names)}"


def _tell_usage_error(error: TyperException) -> int:
    """One line on what was wrong with the words on the command line; the class names are Click's."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(error.format_message() + "\n")
        return EXIT_USAGE
    path = context.command_path if context is not None else "gkmonitor"
    complain(f"{_usage_message(error)}（用 {path} --help 查看用法）")
    return EXIT_USAGE


def _usage_message(error: Any) -> str:
    kind, message = type(error).__name__, str(error.message)
    if kind == "NoSuchOption":
        known = sorted(error.possibilities or ())
        near = "、".join(get_close_matches(error.option_name, known, n=3, cutoff=0.75) or known)
        return f"没有 {error.option_name} 这个选项" + (f"，是不是 {near}？" if near else "")
    if kind == "BadOptionUsage":
        takes_none = "does not take a value" in message
        return f"选项 {error.option_name} 后面{'不带值' if takes_none else '要写值'}"
    if kind == "MissingParameter":
        return f"缺少 {_parameter_name(error.param)}"
    if kind == "BadParameter" and error.param is not None:
        detail = f"：{message}" if _CHINESE.search(message) else ""
        return f"{_parameter_name(error.param)} 的值不对{detail}"
    if extra := re.search(r"extra argument\S* \((.*)\)", message):
        return f"多出了参数：{extra[1]}"
    if message.startswith("Missing command"):
        return "缺少命令"
    return message


def _parameter_name(param: Any) -> str:
    return str(param.opts[0] if _is_option(param) else param.metavar or param.name)
