"""Jobs: queued with the transaction, tried again, run by a worker of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from madoguchi.kernel import clock, jobs
from madoguchi.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
calls: list[dict] = []


@jobs.job("test.note", queue="tests", retry=3)
def note(*, number: int, fail: bool = False) -> None:
    """Remember the call; fail when asked."""
    calls.append({"number": number})
    if fail:
        raise RuntimeError("out of order")


@pytest.fixture(autouse=True)
def forget():
    """Start each test without calls."""
    calls.clear()


def state(number: int) -> tuple[str, int]:
    """Return status and tries of a job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, attempts FROM procrastinate_jobs WHERE id = %s", [number])
        return cursor.fetchone()


def test_a_job_is_queued_in_one_statement_and_runs_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        number = jobs.enqueue("test.note", number=7)
    assert state(number) == ("todo", 0)
    assert jobs.run_pending("tests") == 1
    assert calls == [{"number": 7}]
    assert state(number) == ("succeeded", 1)
    assert jobs.run_pending("tests") == 0


def test_a_job_of_a_rolled_back_transaction_never_runs():
    with transaction.atomic():
        jobs.enqueue("test.note", number=1)
        transaction.set_rollback(True)
    assert jobs.run_pending("tests") == 0


def test_other_queues_are_left_alone():
    jobs.enqueue("test.note", number=1)
    assert jobs.run_pending("somewhere else") == 0


def test_a_failing_job_is_tried_again_later_and_given_up_after_its_tries():
    number = jobs.enqueue("test.note", number=1, fail=True)
    assert jobs.run_pending("tests") == 1
    assert state(number) == ("todo", 1)
    assert jobs.run_pending("tests") == 0
    later = clock.now() + timedelta(days=2)
    assert jobs.run_pending("tests", until=later) >= 1
    jobs.run_pending("tests", until=later)
    assert state(number) == ("failed", 3)
    assert len(calls) == 3


def test_a_job_waits_for_its_moment():
    jobs.enqueue("test.note", not_before=clock.now() + timedelta(hours=1), number=1)
    assert jobs.run_pending("tests") == 0
    assert jobs.run_pending("tests", until=clock.now() + timedelta(hours=2)) == 1


def test_waits_grow_and_end():
    assert [jobs.wait_seconds(tries, 5) for tries in range(5)] == [20, 80, 320, 1280, None]
    assert jobs.wait_seconds(20, 100) == 6 * 3600


def test_an_unknown_job_is_refused():
    with pytest.raises(NotFound):
        jobs.enqueue("test.nobody")


def test_the_function_itself_stays_callable():
    note(number=3)
    assert calls == [{"number": 3}]


@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_what_was_committed():
    number = jobs.enqueue("test.note", number=9)
    worker_connector = app.connector.get_worker_connector()
    with app.replace_connector(worker_connector) as worker_app:
        worker_app.run_worker(queues=["tests"], wait=False, install_signal_handlers=False)
    assert calls == [{"number": 9}]
    assert state(number) == ("succeeded", 1)


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_dead_worker_goes_back_to_the_queue():
    number = jobs.enqueue("test.note", number=9)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [number])
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'kernel'")
    jobs.enqueue("kernel.rescue_jobs", timestamp=0)
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(queues=["kernel"], wait=False, install_signal_handlers=False)
    assert state(number)[0] == "todo"
    assert jobs.run_pending("tests") == 1
