"""Work that is done later, or again: a thin face on procrastinate, whose queue is a table of this database.

Owns the decorator, the enqueueing in the caller's transaction, the worker process and the synchronous run for tests. A
job takes identifiers, never personal data: its arguments lie in the queue's table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

import structlog
from django.db import connection, transaction
from procrastinate import jobs as queue_jobs
from procrastinate import retry as queue_retry
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from madoguchi.kernel import clock
from madoguchi.kernel.errors import NotFound

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger(__name__)

FIRST_WAIT_SECONDS = 20
LONGEST_WAIT_SECONDS = 6 * 3600
KEEP_FINISHED_HOURS = 24 * 30

_FETCH = """
SELECT id, task_name, args, attempts FROM procrastinate_jobs
WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s) AND (%s::varchar IS NULL OR queue_name = %s)
ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


class Backoff(queue_retry.BaseRetryStrategy):
    """Try again after 20 s, 80 s, 320 s … (at most 6 h), up to `attempts` tries in all."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: queue_jobs.Job) -> queue_retry.RetryDecision | None:
        """Decide when the job is tried next; None when it has had its tries."""
        wait = wait_seconds(job.attempts, self.attempts)
        return None if wait is None else queue_retry.RetryDecision(retry_in={"seconds": wait})


def wait_seconds(tries_before: int, attempts: int) -> int | None:
    """Return the seconds to wait after a failed try, or None when no try is left."""
    if tries_before + 1 >= attempts:
        return None
    return min(FIRST_WAIT_SECONDS * 4**tries_before, LONGEST_WAIT_SECONDS)


def job(
    name: str, *, queue: str = "default", retry: int = 1, cron: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Register a function as the job `name`; `retry` is the number of tries in all (1 = never again).

    With `cron` (five fields, in UTC) the workers together run it once at each such time and pass it the keyword
    `timestamp` (seconds since 1970). The function itself is returned unchanged and may be called directly.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        task: Any = app.task(name=name, queue=queue, retry=Backoff(retry), queueing_lock=name if cron else None)(
            function
        )
        if cron:
            app.periodic(cron=cron)(task)
        return function

    return decorate


def enqueue(name: str, *, not_before: datetime | None = None, **arguments: Any) -> int:
    """Put a job into its queue in the current transaction (one statement) and return its number.

    It runs only if the transaction commits. Raises NotFound for a job that nobody registered.
    """
    task = app.tasks.get(name)
    if task is None:
        raise NotFound(f"ジョブ「{name}」は登録されていません。", code="jobs.unknown")
    number: int = task.configure(schedule_at=not_before).defer(**arguments)
    return number


def run_pending(queue: str | None = None, *, until: datetime | None = None) -> int:
    """Run the queued jobs that are due at `until` (default: now) on this connection, one by one; return how many ran.

    For tests and commands: a failing job is put back for its next try or marked failed, as the worker would do.
    """
    due = until or clock.now()
    ran = 0
    while _run_next(queue, due):
        ran += 1
    return ran


def run_worker(*, queues: Iterable[str] | None = None, concurrency: int = 2) -> None:
    """Run the worker in this process until it is told to stop (SIGTERM, SIGINT); running jobs are finished first."""
    worker_connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(worker_connector) as worker_app:
        worker_app.run_worker(queues=queues, concurrency=concurrency, shutdown_graceful_timeout=20)


@app.periodic(cron="* * * * *")
@app.task(name="kernel.rescue_jobs", queue="kernel", queueing_lock="kernel.rescue_jobs", pass_context=True)
async def _rescue_jobs(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that died back to the queue."""
    for stalled in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(stalled)
        log.warning("jobs.rescued", job=stalled.id, task=stalled.task_name)


@app.periodic(cron="17 3 * * *")
@app.task(name="kernel.remove_old_jobs", queue="kernel", queueing_lock="kernel.remove_old_jobs", pass_context=True)
async def _remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Remove jobs that were finished more than 30 days ago; failed ones stay for people to see."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_FINISHED_HOURS)


def _run_next(queue: str | None, due: datetime) -> bool:
    """Run the next due job; tell whether there was one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FETCH, [due, queue, queue])
        row = cursor.fetchone()
        if row is None:
            return False
        number, name, arguments, attempts = row
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [number])
        try:
            with transaction.atomic():
                app.tasks[name].func(**json.loads(arguments))
        except Exception as error:
            log.warning("jobs.failed", job=number, task=name, error=type(error).__name__)
            _put_back(number, name, attempts)
        else:
            _finish(number, "succeeded")
    return True


def _put_back(number: int, name: str, attempts: int) -> None:
    """Schedule the next try of a failed job, or mark it failed."""
    strategy = app.tasks[name].retry_strategy
    wait = wait_seconds(attempts, strategy.attempts) if isinstance(strategy, Backoff) else None
    if wait is None:
        _finish(number, "failed")
        return
    with connection.cursor() as cursor:
        next_try = clock.now() + timedelta(seconds=wait)
        cursor.execute("SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", [number, next_try])


def _finish(number: int, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, %s, false)", [number, status])
