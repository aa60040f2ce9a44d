import sys
from types import SimpleNamespace

import pytest

CTRL_C, CTRL_BREAK = 0, 1


@pytest.mark.skipif(sys.platform == "win32", reason="there it does something")
def test_elsewhere_it_does_nothing(util):
    with util("win32").allow_interrupt(lambda: pytest.fail("not to be called")) as entered:
        assert entered is None
    with util("win32").allow_interrupt():
        pass


class Console:
    """The part of Windows that is asked for."""

    def __init__(self):
        self.handlers = []
        self.refuses = False

    def SetConsoleCtrlHandler(self, handler, add):  # noqa: N802 (Windows' name)
        if self.refuses:
            return 0
        if add:
            self.handlers.append(handler)
        else:
            self.handlers.remove(handler)
        return 1

    def press(self, key):
        return [handler(key) for handler in self.handlers]


@pytest.fixture
def console(our_util, monkeypatch):
    console = Console()
    ctypes = SimpleNamespace(
        WINFUNCTYPE=lambda *_types: lambda function: function,
        WinDLL=lambda _name, **_options: console,
        WinError=lambda number: OSError(number, "refused"),
        get_last_error=lambda: 6,
        c_int=int,
        c_ulong=int,
    )
    monkeypatch.setattr(our_util("win32"), "ctypes", ctypes)
    monkeypatch.setattr(our_util("win32"), "sys", SimpleNamespace(platform="win32"))
    return console


def test_on_windows_a_function_is_called_and_the_next_handler_too(our_util, console):
    pressed = []
    with our_util("win32").allow_interrupt(lambda: pressed.append("pressed")):
        assert console.press(CTRL_BREAK) == [0]
        assert not pressed
        assert console.press(CTRL_C) == [0]
    assert pressed == ["pressed"]
    assert not console.handlers


def test_on_windows_no_function_is_needed(our_util, console):
    with our_util("win32").allow_interrupt():
        assert console.press(CTRL_C) == [0]


def test_on_windows_the_system_may_refuse(our_util, console):
    console.refuses = True
    with pytest.raises(OSError, match="refused"), our_util("win32").allow_interrupt():
        pass
