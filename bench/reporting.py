"""Writes a result into the documents: `bench/report [RESULT.json]`.

README.md gets the headlines and the picture, docs/performance.md everything. In both, what stands between the two
markers is replaced.
"""

import argparse
import sys
from pathlib import Path

from .documents import PICTURE, NoBlock, full, replaced, short
from .machine import ROOT
from .picture import draw
from .results import FULL, Result, newest


def main() -> None:
    """Write both documents and the picture, or none of them."""
    parser = argparse.ArgumentParser(prog="bench/report", description="Write a result into README.md and docs.")
    parser.add_argument("result", type=Path, nargs="?", help="the newest full result, if it is not given")
    result = Result.read(parser.parse_args().result or newest(FULL))
    documents = {}
    for path, block in ((ROOT / "README.md", short(result)), (ROOT / "docs" / "performance.md", full(result))):
        try:
            documents[path] = replaced(path.read_text(), block)
        except (OSError, NoBlock) as error:
            sys.exit(f"bench/report: {path.relative_to(ROOT)}: {error}")
    for path, text in documents.items():
        path.write_text(text)
    (ROOT / "docs" / PICTURE).write_text(draw(result))


if __name__ == "__main__":
    main()
