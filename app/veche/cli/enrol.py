"""`veche enrol`: a voter enrols with the code of a letter; officials make letters and the roll."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import parse_qs

import typer

from veche.cli import asking, deadlines, keys, new_files, options
from veche.cli.groups import Group
from veche.cli.output import Output, facts, table, warn
from veche.errors import Declined, InvalidFile, Mistake, RelayError
from veche.errors.amounts import counted
from veche.errors.times import time_text

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

    from veche.enrolment.binding import Binding
    from veche.enrolment.letters import Terms
    from veche.enrolment.office import Office, Taken
    from veche.enrolment.service import Service

CODE: Final = "code"
"""The command that is meant if none is named."""
FOLDER: Final = "enrolment"
"""The folder with a folder for every enrolment."""


class CodeOrVerb(Group):
    """The commands of officials; whatever else is given belongs to the voter's."""

    otherwise: Final = CODE

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  # of Typer
        """Names the voter's command if no other is named."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [CODE, *args]
        return super().parse_args(ctx, args)


app: Final = typer.Typer(
    help="Enrols you with the code of your letter: `veche enrol CODE --keystore my.key --at URL`. "
    "For officials: letters for a list of people, and the roll of those who have enrolled.",
)

FolderOption = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        metavar="FOLDER",
        help="The folder of the enrolment, by default the only one in enrolment/.",
    ),
]
Id = Annotated[str, typer.Argument(metavar="ID", help="The person's id in people.csv.")]


# -- For voters --


@app.command()
def code(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE",
            help="The code of your letter, or what its QR code says. It is a secret: on the "
            "command line it stays in the history of your shell, and others on this machine can "
            "see it. So leave it out: you are asked for it, or it is read from stdin.",
        ),
    ] = None,
    *,
    at: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="URL",
            help="The address in your letter. What the QR code says has it already.",
        ),
    ] = "",
    keystore: options.Keystore = None,
    password_file: options.PasswordFile = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Replace the address that the code is bound to, without asking: if your key is "
            "lost.",
        ),
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Enrols you with the code of your letter, so that your address is on the electoral roll.

    If there is no keystore yet, a key is made. The code itself is not sent: it signs that your
    address belongs to it. Until the enrolment ends, the same code can enrol another address, which
    then takes the place of the first: that is what to do if your key is lost. The word `code` may
    be left out.

    Example:  veche enrol code --keystore my.key --at https://vote.example/v1/enrolments/oak-street
    """
    from veche.enrolment.codes import Code
    from veche.enrolment.service import Service

    output = Output(as_json)
    path = keys.require_named(keystore)
    typed, at = _parts(_typed() if code is None else code, at)
    own = Code.parse(typed)
    service = Service(at)
    title = service.head().text("title")
    voter = _voter(path, password_file, output)

    def replaces(newest: Binding) -> bool:
        said = f"This code has enrolled {newest.voter} before."
        if not replace:
            asking.require_terminal("to replace it, give --replace")
            return asking.agrees(f"{said} Replace it by {voter.address}?")
        warn(said)
        return True

    with output.progress("Enrolling"):
        binding = service.enrol(own, voter, replaces=replaces)
    fields = {
        "enrolment": binding.enrolment,
        "title": title,
        "address": binding.voter,
        "sequence": binding.sequence,
    }
    output.tell(
        fields,
        f"{binding.voter} is enrolled: {title}.",
        "Keep the letter until the vote. When the roll is published, find this address on it.",
    )


def _typed() -> str:
    """The code, from whoever is asked or from stdin."""
    if asking.has_terminal():
        return asking.line("The code of your letter:")
    return sys.stdin.readline()


def _parts(given: str, at: str) -> tuple[str, str]:
    """The code and the URL of the enrolment, in what a QR code says or apart."""
    url, mark, fragment = given.strip().partition("#")
    if not mark:
        return given, at
    named = parse_qs(fragment)
    return named.get("code", [""])[0], at or named.get("at", [url])[0]


def _voter(path: Path, password_file: Path | None, output: Output) -> LocalAccount:
    """The voter's key, which is made if there is none."""
    from veche.files import keystore

    if path.exists():
        return keys.load(path, password_file)
    new_files.require_new(path)
    password = keys.new_password(password_file, f"Password for the new key {path}")
    with output.progress("Making the key"):
        made = keystore.create(path, password)
    output.say(f"A new key is in {path}.")
    return made


# -- For officials --


@app.command()
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    *,
    as_json: options.Json = False,
) -> None:
    """Writes the template of letters, to be edited: in any language, with your own words.

    Example:  veche enrol template letter.html
    """
    from veche.enrolment.template import DEFAULT
    from veche.files.writing import write_atomically

    new_files.require_new(file)
    write_atomically(file, DEFAULT.read_text(encoding="utf-8"))
    Output(as_json).tell({"template": str(file)}, f"Edit {file}, then give it as --template.")


@app.command()
def make(
    people: Annotated[
        Path,
        typer.Argument(
            metavar="people.csv",
            help="The list of people: a column id, a column weight if weights differ, and whatever "
            "columns your letters need. It never leaves this machine.",
        ),
    ],
    *,
    name: Annotated[
        str,
        typer.Option(
            "--name",
            metavar="NAME",
            help="The id of the enrolment: letters from a to z, digits and dashes. Voters read it.",
        ),
    ],
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help="What voters enrol for, on one line.")
    ],
    until: Annotated[
        int,
        typer.Option(
            "--until",
            metavar="TIME",
            parser=deadlines.moment,
            help="Until when people can enrol, with the time zone: 2027-02-01T18:00:00+01:00.",
        ),
    ],
    at: Annotated[
        str,
        typer.Option(
            "--at", metavar="URL", help="The URL of the relay where they enrol, https://…."
        ),
    ],
    page: Annotated[
        str,
        typer.Option(
            "--page",
            metavar="URL",
            help="The URL of the page for browsers, to which the QR code leads; by default the "
            "relay's own.",
        ),
    ] = "",
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="FILE",
            help="The template of letters; `veche enrol template` writes one to edit.",
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Makes a code and a letter for everybody on a list: letters.csv for mail merge, letters.html
    to print.

    The letters are the only place that has codes. Print them, send them, then delete them. The
    folder enrolment/NAME keeps all else: keep it and its backups to yourselves, and run the other
    commands beside it.

    Example:  veche enrol make people.csv --name oak-street --title "Oak Street 2027" --until
    2027-02-01T18:00:00+01:00 --at https://vote.example
    """
    from veche.enrolment import service
    from veche.enrolment.binding import enrolment_id
    from veche.enrolment.code_list import require_title
    from veche.enrolment.letters import Terms
    from veche.enrolment.office import opened
    from veche.enrolment.template import DEFAULT
    from veche.files.people import read_people

    output = Output(as_json)
    url = service.url(at, enrolment_id(name))
    service.Service(url)  # refuses what is no URL
    found = read_people(people)
    page = page or f"{at.rstrip('/')}/"
    terms = Terms(name, require_title(title), url, page, until, found.columns)
    making = output.progress(f"Making {counted(len(found.people), 'letter')}")
    with opened(Path(FOLDER) / name) as office, making:
        letters = office.make(terms, found, template or DEFAULT)
    if new_files.is_in_repository(letters):
        warn(f"{letters} is in a repository of git: see that its .gitignore names {FOLDER}/.")
    output.tell(
        {"enrolment": name, "people": len(found.people), "letters": str(letters), "at": url},
        f"{counted(len(found.people), 'letter')} in {letters}: print them, send them, delete them.",
        "Next: `veche enrol publish` tells the relay which codes are valid.",
    )


@app.command()
def publish(
    *,
    folder: FolderOption = None,
    keystore: options.Keystore = None,
    password_file: options.PasswordFile = None,
    as_json: options.Json = False,
) -> None:
    """Tells the relay which codes are valid now, signed by your key. The relay's file, relay.toml,
    names the addresses whose lists it takes.

    The relay gets addresses of codes: neither codes, nor ids, names or weights. Run it after
    `make`, `revoke` and `reissue`, and again whenever you like.

    Example:  veche enrol publish --keystore official.key
    """
    from veche.enrolment import exchange
    from veche.enrolment.office import opened

    account = keys.load(keystore, password_file)
    with opened(_folder(folder)) as office:
        listed = exchange.publish(office, _service(office), account)
    Output(as_json).tell(
        {"edition": listed.edition, "codes": len(listed.codes), "until": listed.until},
        f"The relay has edition {listed.edition} of the list: {counted(len(listed.codes), 'code')} "
        f"valid until {time_text(listed.until)}.",
    )


@app.command()
def status(
    *,
    folder: FolderOption = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help="Write everybody with id, state and address into a new file, for reminders.",
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Shows who has enrolled, and who has not: by number, and by id with --csv.

    It asks the relay for all bindings, and checks both signatures of each.

    Example:  veche enrol status --csv reminders.csv
    """
    from veche.enrolment.office import opened

    if csv is not None:
        new_files.require_new(csv)
    output = Output(as_json)
    with opened(_folder(folder)) as office:
        _fetch(office, output)
        _tell_status(office, csv, output)


def _fetch(office: Office, output: Output) -> None:
    """Takes what the relay shows; if it does not answer, what is known must do."""
    try:
        with output.progress("Reading bindings"):
            taken = office.take(_service(office).bindings())
    except RelayError as error:
        warn(f"{error}. This is what was known before.")
    else:
        _warn(taken)


def _warn(taken: Taken) -> None:
    for binding, error in taken.refused[:5]:
        warn(f"the relay shows a binding of {binding.voter} that is left out: {error}")
    if len(taken.refused) > 5:  # noqa: PLR2004  # as many as were told
        warn(f"and {len(taken.refused) - 5} more")


def _tell_status(office: Office, csv: Path | None, output: Output) -> None:
    from veche.enrolment.register import Stand
    from veche.files.spreadsheet import MARK, csv_text
    from veche.files.writing import write_atomically

    register, standings = office.register, list(office.register.standings())
    terms = register.require_made()
    counts = Counter(str(each.stand) for each in standings)
    if csv is not None:
        columns = ("id", "state", "address", *terms.columns)
        everybody = (
            (each.person.id, str(each.stand), each.voter, *each.person.cells) for each in standings
        )
        write_atomically(csv, MARK + csv_text([columns, *everybody]), private=True)
    if register.listed < register.edition:
        warn("the relay does not know which codes are valid now: run `veche enrol publish`.")
    fields = {
        "enrolment": terms.enrolment,
        "until": register.until,
        "edition": register.edition,
        "listed": register.listed,
        "frozen": register.is_frozen,
        "people": len(standings),
        "counts": {str(each): counts[str(each)] for each in Stand},
    }
    known = {"enrolment": f"{terms.enrolment}, {terms.title}", "until": time_text(register.until)}
    output.tell(fields, facts(known), table("people", "number", rows=_counts(office)[1]))


def _counts(office: Office) -> tuple[Terms, list[list[str]]]:
    """The enrolment, and how many people stand where."""
    counts = Counter(str(each.stand) for each in office.register.standings())
    rows = [[stand, f"{number:,}"] for stand, number in counts.items()]
    return office.register.require_made(), rows


@app.command()
def revoke(person: Id, *, folder: FolderOption = None, as_json: options.Json = False) -> None:
    """Takes somebody off: the code is not valid any more, and an address that it has enrolled is
    not on the roll. `reissue` takes it back.

    Example:  veche enrol revoke 4711
    """
    from veche.enrolment.office import opened

    with opened(_folder(folder)) as office:
        office.revoke(person)
        edition = office.register.edition
    Output(as_json).tell(
        {"id": person, "edition": edition},
        f"{person} is revoked. Next: `veche enrol publish` tells the relay.",
    )


@app.command()
def reissue(person: Id, *, folder: FolderOption = None, as_json: options.Json = False) -> None:
    """Makes a new letter for somebody who has lost the first. The old code is not valid any more,
    and an address that it has enrolled is not on the roll.

    Example:  veche enrol reissue 4711
    """
    from veche.enrolment.office import opened

    with opened(_folder(folder)) as office:
        letters = office.reissue(person)
        edition = office.register.edition
    Output(as_json).tell(
        {"id": person, "edition": edition, "letters": str(letters)},
        f"The new letter is in {letters}. Next: `veche enrol publish` tells the relay.",
    )


@app.command()
def freeze(
    *,
    folder: FolderOption = None,
    keystore: options.Keystore = None,
    password_file: options.PasswordFile = None,
    yes: Annotated[
        bool, typer.Option("--yes", envvar="VECHE_YES", help="End the enrolment without asking.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Ends the enrolment, and writes the roll of those who have enrolled: roll.csv, for poll.toml.

    First the relay is told to take no more. Then all bindings are read and checked. Those who are
    not on the roll are in left-out.csv, with the reasons. This cannot be undone.

    Example:  veche enrol freeze --keystore official.key
    """
    from veche.enrolment import exchange
    from veche.enrolment.office import opened

    output = Output(as_json)
    account = keys.load(keystore, password_file)
    with opened(_folder(folder)) as office:
        if not yes and not office.register.is_frozen:
            _require_agreed(office, output)
        service = _service(office)
        exchange.end(office, service, account, now=int(time()))
        with output.progress("Reading bindings"):
            taken = office.take(service.bindings())
        _warn(taken)
        frozen = office.freeze(int(time()))
    fields = {
        "roll": str(frozen.roll),
        "leftOut": str(frozen.left_out),
        "votersOnRoll": frozen.voters,
        "totalWeight": frozen.weight,
        "missing": frozen.missing,
    }
    output.tell(
        fields,
        f"{frozen.roll} has {counted(frozen.voters, 'voter')}, total weight {frozen.weight:,}. "
        f"Not on it: {frozen.missing:,}, each with the reason in {frozen.left_out}.",
        "Make the number of voters public, and ask everybody to find the own address on the roll.",
    )


def _require_agreed(office: Office, output: Output) -> None:
    """Shows where everybody stands, and asks whether to end the enrolment.

    Raises:
        Declined: the answer is no.
    """
    _fetch(office, output)
    terms, counts = _counts(office)
    output.say(table("people", "number", rows=counts))
    asking.require_terminal("to end the enrolment, give --yes")
    if not asking.agrees(f"End the enrolment {terms.enrolment}, and write the roll?"):
        raise Declined


def _service(office: Office) -> Service:
    from veche.enrolment.service import Service

    return Service(office.register.require_made().at)


def _folder(named: Path | None) -> Path:
    """The folder of the enrolment: the one that is named, or the only one.

    Raises:
        InvalidFile: there is none, or there are several.
    """
    from veche.enrolment.journal import NAME

    found = [named] if named else sorted(each.parent for each in Path(FOLDER).glob(f"*/{NAME}"))
    if len(found) == 1 and (found[0] / NAME).exists():
        return found[0]
    what = "there are several enrolments" if len(found) > 1 else "there is no enrolment here"
    remedy = "go to the folder that has enrolment/, or name the folder with --folder"
    raise InvalidFile(str(named or FOLDER), [Mistake(0, what, remedy)])
