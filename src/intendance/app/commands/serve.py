"""The commands `serve` and `user`: the web pages, and who may use them."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from intendance.app.terminal import LangOption, LedgerOption, ledger_name, say

DataOption = typer.Option(None, "--data", help="Folder of uploads and results; beside the ledger.")


def serve(
    ledger: str = LedgerOption,
    host: str = typer.Option("127.0.0.1", "--host", help="Address to listen on."),
    port: int = typer.Option(8000, "--port", min=0, max=65535, help="Port to listen on."),
    lang: str = LangOption,
    read_only: bool = typer.Option(False, "--read-only", help="Refuse every change."),
    tls_cert: Path | None = typer.Option(None, "--tls-cert", help="Certificate chain (PEM)."),
    tls_key: Path | None = typer.Option(None, "--tls-key", help="The certificate's key (PEM)."),
    behind_proxy: bool = typer.Option(
        False, "--behind-proxy", help="A proxy of this machine or network does TLS."
    ),
    data: Path | None = DataOption,
) -> None:
    """Serve the pages and the API; without any ledger, the sample portfolio's."""
    # Before polars is loaded: half of the cores a call, so that a call does not hold up the others.
    os.environ.setdefault("POLARS_MAX_THREADS", str(max(1, (os.cpu_count() or 2) // 2)))
    from intendance.app.web import serving
    from intendance.app.web.settings import Settings, is_loopback
    from intendance.words import language_of

    name = ledger_name(ledger)
    settings = Settings(
        ledger=name,
        data=data or data_folder(name),
        host=host,
        port=port,
        language=language_of(lang) if lang else "",
        read_only=read_only,
        tls_cert=tls_cert,
        tls_key=tls_key,
        behind_proxy=behind_proxy,
        hosts=serving.hosts_of(host) if is_loopback(host) else (),
    )
    serving.check(settings)
    if not ledger and not Path(name).is_file():
        _make_sample(name, language_of(lang or None))
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    _welcome(settings.ledger, serving.address_of(settings))
    serving.run(settings)


def data_folder(name: str) -> Path:
    """Give the folder for uploads and results: beside a file, in the working folder otherwise."""
    return Path("intendance-data") if "://" in name else Path(f"{name}.data")


def _make_sample(name: str, language: str) -> None:
    from intendance.review.demo import demonstrate

    say(f"There is no ledger: making the sample portfolio's at {name} …")
    demonstrate("coalition-2023", language, name, progress=lambda _: None)


def _welcome(name: str, address: str) -> None:
    """Say where the pages are, and how the first admin gets in."""
    from intendance.app.accounts import people
    from intendance.app.accounts.office import Office

    with Office.open(name) as office:
        secret = people.first_admin(office)
    say(f"Intendance: {address}")
    if secret:
        say(f"  First admin, once and within a day: {address}/welcome/{secret}")


def _office(ledger: str) -> object:
    from intendance.app.accounts.office import Office
    from intendance.ledger.store import Store

    name = ledger_name(ledger)
    Store.open(name).close()  # a name that is no ledger is said, not made one
    return Office.open(name)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve")(serve)
