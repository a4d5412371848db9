"""The page opens keystores of Python, Python opens its own, and wallets sign what it signs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from support.elections import PASSWORD, person
from support.third_implementation import tell, told
from veche.enrolment.binding import Binding, signed_message
from veche.files import keystore
from veche.protocol import plain, signature

ACCOUNT = person("voter with a page")
KEY = plain.data(bytes(ACCOUNT.key))


def test_python_opens_a_keystore_of_the_page(tmp_path: Path) -> None:
    path = tmp_path / "made.json"
    path.write_text(tell("lock", key=KEY, password=PASSWORD))
    assert keystore.load(path, PASSWORD).key == ACCOUNT.key
    assert keystore.address(path) == ACCOUNT.address
    fields = json.loads(path.read_text())
    assert fields["crypto"]["kdfparams"] | {"salt": ""} == {
        "dklen": 32, "n": 2**18, "p": 1, "r": 8, "salt": "",
    }  # fmt: skip


@pytest.mark.parametrize(("kdf", "iterations"), [("scrypt", 2**12), ("pbkdf2", 2**10)])
def test_page_opens_a_keystore_of_python(kdf: Any, iterations: int) -> None:
    made = json.dumps(Account.encrypt(ACCOUNT.key, PASSWORD, kdf=kdf, iterations=iterations))
    good, wrong = told(
        {"task": "unlock", "keystore": made, "password": PASSWORD},
        {"task": "unlock", "keystore": made, "password": PASSWORD + "."},
    )
    assert good == {"done": int(KEY, 16)}
    assert wrong["error"] == "WrongPassword"


@pytest.mark.parametrize("chain_id", [1, 31337, 2**53 + 1])
@pytest.mark.parametrize("replaces", [bytes(32), b"\xcd" * 32])
def test_wallet_is_given_what_is_signed(chain_id: int, replaces: bytes) -> None:
    """As a text of JSON, which is how a wallet gets it."""
    poll, tracker, deadline = person("poll").address, b"\xab" * 32, 2**63 + 1
    data = tell(
        "ballotTypedData",
        chainId=chain_id,
        contract=poll,
        voter=ACCOUNT.address,
        tracker=plain.data(tracker),
        replaces=plain.data(replaces),
        deadline=deadline,
    )
    signed = signature.message(
        chain_id=chain_id,
        poll=poll,
        voter=ACCOUNT.address,
        tracker=tracker,
        replaces=replaces,
        deadline=deadline,
    )
    assert encode_typed_data(full_message=json.loads(data)) == signed


def test_wallet_is_given_what_binds_it_to_a_code() -> None:
    code = person("code")
    made = Binding.make("oak-street-2027", code=code, voter=ACCOUNT, sequence=3)
    data = tell("bindingTypedData", binding=json.loads(made.to_json()))
    signed = signed_message("oak-street-2027", code.address, ACCOUNT.address, 3)
    assert encode_typed_data(full_message=json.loads(data)) == signed
