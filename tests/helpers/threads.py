"""Threads whose failures are failures of the test."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from .waiting import TIMEOUT


class Crew:
    """Threads that begin at once; at the end of the block all must have ended, and well."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=64)
        self._jobs: list[Future[Any]] = []

    def start(self, job: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Let a thread do it."""
        future = self._pool.submit(job, *arguments)
        self._jobs.append(future)
        return future

    def start_each(self, job: Callable[..., Any], items: Iterable[Any]) -> list[Future[Any]]:
        """Let a thread do it with each of the items."""
        return [self.start(job, item) for item in items]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._pool.shutdown(wait=False)
        if kind is None:
            for future in self._jobs:
                future.result(3 * TIMEOUT)
