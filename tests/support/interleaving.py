"""Two requests, or a request and a crash, at one exact point: what otherwise takes luck happens each time."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any


class Crash(BaseException):
    """The process ends here. No handler of the shop may catch it: kill -9 asks nobody."""


@contextmanager
def meanwhile(target: str, work: Callable[[], object], *, after: bool = False) -> Iterator[list[object]]:
    """`work` runs right before (or after) the first call of `target`, a function named package.module.function.

    The list is empty as long as that point was not reached, and then holds what `work` returned.
    """
    path, _, name = target.rpartition(".")
    module = importlib.import_module(path)
    original = getattr(module, name)
    reached: list[object] = []
    under_way = False

    def once() -> None:
        nonlocal under_way
        if not under_way:
            under_way = True
            reached.append(work())

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        if not after:
            once()
        result = original(*args, **kwargs)
        if after:
            once()
        return result

    setattr(module, name, stand_in)
    try:
        yield reached
    finally:
        setattr(module, name, original)


@contextmanager
def crash(target: str, *, after: bool = False) -> Iterator[None]:
    """The process dies right before (or after) the first call of `target`; the block ends there."""
    reached = False

    def die() -> None:
        nonlocal reached
        reached = True
        raise Crash

    with meanwhile(target, die, after=after), suppress(Crash):
        yield
    assert reached, f"{target} was never called"
