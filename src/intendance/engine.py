"""Runs batches of independent work: inline, on processes, or on a Dask cluster.

The three give the same results in the same order; only the time differs.
Batches should last at least 0.2 s, or the overhead of passing them around dominates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

# A task that is lost with its worker is given to others, so often.
TRIES = 4
ANSWER_SECONDS = 10.0


class LostWorkersError(RuntimeError):
    """Workers were lost again and again, or the scheduler does not answer; a sentence says which.

    The engine stands below the error tree: the room that runs the work names the next step.
    """


def run(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    workers: int = 1,
    cluster: str | None = None,
) -> Iterator[Result]:
    """Yield ``work(task)`` for every task, in the order of the tasks.

    ``workers`` above 1 uses processes of this machine; ``cluster`` is the address of a Dask
    scheduler (``tcp://…``) and wins over ``workers``. An exception in a task is raised here.
    Tasks of a worker that dies are run again, so work must be repeatable; after ``TRIES`` deaths
    LostWorkersError is raised.
    """
    assert workers >= 1, workers
    if cluster:
        return _on_cluster(work, tasks, cluster)
    if workers > 1 and len(tasks) > 1:
        return _on_processes(work, tasks, workers)
    return map(work, tasks)


def _on_processes(
    work: Callable[[Task], Result], tasks: Sequence[Task], workers: int
) -> Iterator[Result]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    done = 0
    for _ in range(TRIES):
        # spawn, not fork: polars, numba and HiGHS keep threads that a fork would break.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            try:
                for result in pool.map(work, tasks[done:]):
                    # A pool that breaks ends all its tasks: go on after what was handed out.
                    done += 1
                    yield result
            except BrokenProcessPool:
                continue
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        return
    raise LostWorkersError(f"Workers died {TRIES} times; {done} of {len(tasks)} tasks are done.")


def _on_cluster(
    work: Callable[[Task], Result], tasks: Sequence[Task], address: str
) -> Iterator[Result]:
    from distributed import Client
    from distributed.scheduler import KilledWorker

    try:
        client: Any = Client(address, timeout=ANSWER_SECONDS)
    except (OSError, ValueError) as error:
        raise LostWorkersError(f"No Dask scheduler answers at {address}.") from error
    try:
        futures = client.map(work, list(tasks), pure=False)
        futures.reverse()
        while futures:
            # Let go of each as soon as it is handed out: a long run keeps nothing.
            yield futures.pop().result()
    except KilledWorker as error:
        raise LostWorkersError("A task ended the workers that ran it, again and again.") from error
    finally:
        client.close()
