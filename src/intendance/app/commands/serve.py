"""The commands `serve` and `user`: the web pages, and who may use them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from intendance.app.terminal import (
    JsonOption,
    LangOption,
    LedgerOption,
    ledger_name,
    person,
    print_json,
    say,
    table,
)

if TYPE_CHECKING:
    from intendance.app.accounts.office import Office

NameArgument = typer.Argument(..., metavar="NAME", help="The person's name.")
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
    oidc_issuer: str = typer.Option("", "--oidc-issuer", help="Sign in with this provider too."),
    oidc_client: str = typer.Option("", "--oidc-client", help="What we are called there."),
    oidc_secret: str = typer.Option(
        "", "--oidc-secret", envvar="INTENDANCE_OIDC_SECRET", help="The client's secret."
    ),
    oidc_role: str = typer.Option("reader", "--oidc-role", help="Role of who is new."),
) -> None:
    """Serve the pages and the API; without any ledger, the sample portfolio's."""
    # Before polars is loaded: half of the cores a call, so that a call does not hold up the others.
    os.environ.setdefault("POLARS_MAX_THREADS", str(max(1, (os.cpu_count() or 2) // 2)))
    from intendance.app.web import serving
    from intendance.app.web.settings import Oidc, Settings, is_loopback
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
        oidc=Oidc(oidc_issuer, oidc_client, oidc_secret, oidc_role) if oidc_issuer else None,
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


def _office(ledger: str) -> Office:
    from intendance.app.accounts.office import Office
    from intendance.ledger.store import Store

    name = ledger_name(ledger)
    Store.open(name).close()  # a name that is no ledger is said, not made one
    return Office.open(name)


def user_add(
    name: str = NameArgument,
    role: str = typer.Option("reader", "--role", help="reader, donor, clerk, coordinator …"),
    donor: str = typer.Option("", "--donor", help="Whom a donor's representative speaks for."),
    may_confirm: bool = typer.Option(False, "--may-confirm", help="May confirm proposals."),
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Add a person and give the one-time link that sets the password."""
    from intendance.app.accounts import people, trail

    with _office(ledger) as office:
        made = people.add(office, name, role, party=donor, may_confirm=may_confirm)
        secret = people.invite(office, made)
        trail.note(office, person(), "command line", "person added", f"{made.name} {made.role}")
    _give({**made.as_record(), "welcome": f"/welcome/{secret}"}, as_json=as_json)


def user_list(ledger: str = LedgerOption, as_json: bool = JsonOption) -> None:
    """List who may use the pages."""
    from intendance.app.accounts import people

    with _office(ledger) as office:
        found = [each.as_record() for each in people.everybody(office)]
    if as_json:
        print_json(found)
        return
    heads = ("name", "role", "party", "may_confirm", "active", "has_password")
    table("", heads, [[str(each[head]) for head in heads] for each in found])


def user_role(
    name: str = NameArgument,
    role: str = typer.Argument(..., help="The new role."),
    donor: str = typer.Option("", "--donor", help="Whom a donor's representative speaks for."),
    may_confirm: bool | None = typer.Option(
        None, "--may-confirm/--may-not-confirm", help="The right to confirm proposals."
    ),
    active: bool | None = typer.Option(None, "--active/--inactive", help="May sign in at all."),
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Change a person's role and rights; a person set inactive is signed out at once."""
    from intendance.app.accounts import people, trail

    with _office(ledger) as office:
        found = people.find(office, name)
        changed = people.alter(
            office, found, role=role, party=donor, may_confirm=may_confirm, active=active
        )
        trail.note(office, person(), "command line", "person changed", f"{changed.name} {role}")
    _give(changed.as_record(), as_json=as_json)


def user_password(
    name: str = NameArgument, ledger: str = LedgerOption, as_json: bool = JsonOption
) -> None:
    """Give a one-time link with which a person sets a new password."""
    from intendance.app.accounts import people, trail

    with _office(ledger) as office:
        found = people.find(office, name)
        secret = people.invite(office, found)
        trail.note(office, person(), "command line", "one-time link made", found.name)
    _give({"name": found.name, "welcome": f"/welcome/{secret}"}, as_json=as_json)


def user_token(
    name: str = NameArgument,
    label: str = typer.Option("command line", "--label", help="What it is for."),
    scope: str = typer.Option("read", "--scope", help="read or write."),
    days: int = typer.Option(90, "--days", help="How many days it lives."),
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Make an API token for a person; its secret is shown once."""
    from intendance.app.accounts import people, tokens, trail

    with _office(ledger) as office:
        found = people.find(office, name)
        secret = tokens.make(office, found, label, scope, days)
        trail.note(office, person(), "command line", "token made", f"{found.name} {label}")
    _give({"name": found.name, "scope": scope, "token": secret}, as_json=as_json)


def _give(record: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(record)
        return
    for key, value in record.items():
        typer.echo(f"{key}: {value}")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve")(serve)
    group = typer.Typer(help="Who may use the web pages.", no_args_is_help=True)
    for name, command in (
        ("add", user_add),
        ("list", user_list),
        ("role", user_role),
        ("password", user_password),
        ("token", user_token),
    ):
        group.command(name)(command)
    app.add_typer(group, name="user")
