"""Which purezmq this is: its version, and whether the hot modules are compiled.

The build compiles all modules that have a `.pxd` beside them or none (see setup.py), so one of them speaks for all.
"""

from .zmtp import frame

version = "0.1.0.dev0"

compiled: bool = not frame.__file__.endswith((".py", ".pyc"))
"""True if the hot modules run as C extensions, False if they run as plain Python."""


def about() -> str:
    """Version, build and interpreter in one line."""
    import platform  # noqa: PLC0415 (rarely wanted)

    build = "compiled" if compiled else "not compiled"
    return f"purezmq {version}, {build}, on {platform.python_implementation()} {platform.python_version()}"
