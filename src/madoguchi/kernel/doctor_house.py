"""The kernel's own checks for the doctor: keys, addresses, mail, disk, database, queue, ward folder, audit log."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from madoguchi.kernel.doctor import Check, Finding, Level, doctor_checks

MIN_KEY_LENGTH = 50
MIN_POSTGRESQL = 150_000
LOW_DISK, NO_DISK = 2 * 1024**3, 512 * 1024**2
WORKER_SILENCE = timedelta(minutes=2)
BACKLOG_WARN, BACKLOG_BAD = 200, 5_000
AUDIT_WALK_LIMIT = 200_000


def register() -> None:
    """Register the checks; calling it again changes nothing."""
    checks: dict[str, Check] = {
        "secret_key": check_secret_key,
        "debug": check_debug,
        "hosts": check_hosts,
        "mail": check_mail,
        "disk": check_disk,
        "database": check_database,
        "queue": check_queue,
        "folder": check_folder_in_step,
        "audit": check_audit,
    }
    for name, check in checks.items():
        doctor_checks.register(name, check)


def check_secret_key(at: datetime) -> list[Finding]:
    """Judge length and origin of ``SECRET_KEY``."""
    key, text = settings.SECRET_KEY, "秘密鍵（MADOGUCHI_SECRET_KEY）"
    if len(key) < MIN_KEY_LENGTH or len(set(key)) < 10 or key.startswith("django-insecure"):
        mend = "python3 -c 'import secrets; print(secrets.token_urlsafe(64))' で作った文字列を設定してください。"
        return [Finding("bad", "secret_key.weak", f"{text}が弱すぎます。", mend)]
    return [Finding("ok", "secret_key", f"{text}は十分な長さです。")]


def check_debug(at: datetime) -> list[Finding]:
    """Debug pages show inner values and must be off."""
    if settings.DEBUG:
        return [Finding("bad", "debug.on", "DEBUG が有効です。", "DEBUG を無効にして起動し直してください。")]
    return [Finding("ok", "debug", "DEBUG は無効です。")]


def check_hosts(at: datetime) -> list[Finding]:
    """Judge the host names this house answers to and the address it writes into mail."""
    findings = []
    if "*" in settings.ALLOWED_HOSTS:
        findings.append(
            Finding(
                "bad",
                "hosts.any",
                "どのホスト名にも答えます。",
                "MADOGUCHI_HOSTS に自分のホスト名だけを書いてください。",
            )
        )
    if not settings.DEMO and not settings.BASE_URL.startswith("https://"):
        findings.append(
            Finding(
                "bad",
                "hosts.plain",
                "公開の住所が https ではありません。",
                "MADOGUCHI_BASE_URL を https:// で始めてください。",
            )
        )
    return findings or [Finding("ok", "hosts", f"{settings.BASE_URL} で公開しています。")]


def check_mail(at: datetime) -> list[Finding]:
    """Tell where mail goes; with SMTP, say hello to the server."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        if settings.DEMO:
            return [Finding("ok", "mail.folder", f"メールは送らず {settings.MAIL_FOLDER} に保存します（デモ）。")]
        mend = "MADOGUCHI_SMTP_URL に smtp+tls://名前:合言葉@ホスト:587 の形で書いてください。"
        return [Finding("bad", "mail.unset", "メールサーバーが設定されていません。", mend)]
    from django.core.mail import get_connection

    server = get_connection(timeout=5)
    try:
        server.open()
        server.close()
    except (OSError, SMTPException) as error:
        mend = "MADOGUCHI_SMTP_URL のホスト・ポート・名前と、通信の許可を確かめてください。"
        return [Finding("bad", "mail.refused", f"メールサーバーにつながりません（{type(error).__name__}）。", mend)]
    return [Finding("ok", "mail", "メールサーバーにつながります。")]


def check_disk(at: datetime) -> list[Finding]:
    """Judge the free space where this house writes."""
    folder = Path(settings.VAR)
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    words = f"{folder} の空きは {free / 1024**3:.1f} GB です。"
    if free < LOW_DISK:
        level: Level = "bad" if free < NO_DISK else "warn"
        return [Finding(level, "disk.low", words, "古いファイルを移すか、ディスクを増やしてください。")]
    return [Finding("ok", "disk", words)]


def check_database(at: datetime) -> list[Finding]:
    """Judge PostgreSQL's version and whether all migrations ran."""
    findings = []
    with connection.cursor():
        version = connection.pg_version  # type: ignore[attr-defined]
    shown = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    if version < MIN_POSTGRESQL:
        findings.append(Finding("bad", "database.old", f"{shown} は古すぎます。", "PostgreSQL 15 以上にしてください。"))
    else:
        findings.append(Finding("ok", "database", f"{shown} を使っています。"))
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        findings.append(
            Finding(
                "bad",
                "database.behind",
                f"未適用の変更が {waiting} 件あります。",
                "madoguchi manage migrate を実行してください。",
            )
        )
    return findings


def check_queue(at: datetime) -> list[Finding]:
    """Judge the queue: is a worker alive, how much waits past its time, what failed in the last week."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        heartbeat: datetime | None = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s)),"
            " count(*) FILTER (WHERE status = 'failed') FROM procrastinate_jobs",
            [at],
        )
        backlog, failed = cursor.fetchone()
    findings = []
    if heartbeat is None or at - heartbeat > WORKER_SILENCE:
        findings.append(
            Finding(
                "bad",
                "queue.no_worker",
                "動いているワーカーがありません。",
                "madoguchi up か madoguchi worker を起動してください。",
            )
        )
    else:
        findings.append(Finding("ok", "queue.worker", "ワーカーが動いています。"))
    if backlog > BACKLOG_WARN:
        level: Level = "bad" if backlog > BACKLOG_BAD else "warn"
        findings.append(
            Finding(
                level, "queue.backlog", f"待っているジョブが {backlog:,} 件あります。", "ワーカーを増やしてください。"
            )
        )
    else:
        findings.append(Finding("ok", "queue.backlog", f"待っているジョブは {backlog:,} 件です。"))
    if failed:
        mend = "ログで原因を確かめ、直してからもう一度実行してください。"
        findings.append(Finding("warn", "queue.failed", f"失敗したままのジョブが {failed:,} 件あります。", mend))
    return findings


def check_folder_in_step(at: datetime) -> list[Finding]:
    """Judge whether the ward folder is loaded, sound, and the same as its files."""
    from madoguchi.kernel.folder import digest_of, items_of, read_folder, sections_in_order
    from madoguchi.kernel.folder_models import FolderItem
    from madoguchi.kernel.municipality import held

    load = f"madoguchi municipality load {settings.MUNICIPALITY_FOLDER} を実行してください。"
    stored = {
        (section, key): digest
        for section, key, digest in FolderItem.objects.filter(retired_at__isnull=True).values_list(
            "section", "key", "digest"
        )
    }
    if not stored:
        return [Finding("bad", "folder.unloaded", "自治体フォルダが読み込まれていません。", load)]
    folder = read_folder(Path(settings.MUNICIPALITY_FOLDER))
    if folder.faults:
        mend = "madoguchi municipality check で場所を確かめて直してください。"
        return [Finding("bad", "folder.faults", f"自治体フォルダに {len(folder.faults)} 件の誤りがあります。", mend)]
    files = {
        (section.name, key): digest_of(data)
        for section in sections_in_order()
        for key, data in items_of(section, folder)
    }
    by_staff = {(section.name, key) for section in sections_in_order() for key in held(section.name)}
    differing = sum(files.get(key) != stored.get(key) for key in (files.keys() | stored.keys()) - by_staff)
    if differing:
        return [Finding("warn", "folder.behind", f"読み込み済みの内容とファイルが {differing} 件違います。", load)]
    return [Finding("ok", "folder", f"自治体フォルダ（{len(files):,} 項目）は読み込み済みで、ファイルと同じです。")]


def check_audit(at: datetime) -> list[Finding]:
    """Prove the audit log; a very long one is left to ``madoguchi audit verify``."""
    from madoguchi.kernel import audit

    end = audit.head()
    if end.count > AUDIT_WALK_LIMIT:
        words = f"監査記録は {end.count:,} 件です。"
        return [Finding("ok", "audit", words + "全件の確認は madoguchi audit verify で行ってください。")]
    report = audit.verify()
    if not report.ok:
        mend = "システム管理者と監査に知らせ、データベースを保全してから madoguchi audit verify を実行してください。"
        return [Finding("bad", "audit.broken", report.message, mend)]
    return [Finding("ok", "audit", report.message)]
