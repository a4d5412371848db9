"""Vectors of enrolment: codes, their keys, bindings and code lists (docs/enrolment.md)."""

from __future__ import annotations

import json
from typing import Any

from attacks import enrolments
from support.forms import Form
from veche.enrolment import binding as bindings
from veche.enrolment import code_list, codes
from veche.enrolment.codes import ALPHABET, Code
from veche.errors import InvalidCode, NotSignedBy
from veche.protocol.signature import digest_of

DRAWN = (range(21), [30] * 21, [0] * 21, [(7 * each * each + 3) % 31 for each in range(21)])


def listed() -> Form:
    """All vectors of enrolment."""
    made = [Code("".join(ALPHABET[each] for each in codes.with_checks(drawn))) for drawn in DRAWN]
    return {
        "codes": [_read(each) for each in _typed(made[0].grouped, [e.grouped for e in made])],
        "keys": [_key(each, id_) for each in made for id_ in (enrolments.ENROLMENT, "a")],
        "bindings": [_binding("good", enrolments.good()), *_forged()],
        "lists": [_list("good", enrolments.good_list()), *_forged_lists()],
    }


def _typed(code: str, good: list[str]) -> list[str]:
    plain = code.replace("-", "")
    return [
        *good,
        plain,
        code.lower(),
        code.replace("-", " "),
        f"\t{code}\r\n",
        code.replace("-", "\u00a0\u2013\u00ad\u200b"),
        "3" + code[1:],
        code[:5] + code[6] + code[5] + code[7:],
        code[:3] + code[5] + "-" + code[3] + code[6:],
        code[:4] + code[5:8] + code[4:5] + code[8:],
        code[:-1],
        code[:6] + code[7:],
        code + "2",
        "",
        "0" + code[1:],
        code[:8] + "o" + code[9:],
        code[:8] + "\u0410" + code[9:],
        code[:8] + "!" + code[9:],
    ]


def _read(typed: str) -> Form:
    try:
        return {"typed": typed, "code": Code.parse(typed).grouped}
    except InvalidCode as error:
        return {"typed": typed, "code": None, "reason": str(error)}


def _key(code: Code, enrolment: str) -> Form:
    key = code.key(enrolment)
    return {
        "code": code.grouped,
        "enrolment": enrolment,
        "key": "0x" + bytes(key.key).hex(),
        "address": key.address,
    }


def _binding(name: str, binding: bindings.Binding, refusal: str | None = None) -> Form:
    message = bindings.signed_message(
        binding.enrolment, binding.code, binding.voter, binding.sequence
    )
    digest = "0x" + digest_of(message).hex()
    fields: Any = json.loads(binding.to_json())
    return {"name": name, "refusal": refusal, "digest": digest, "binding": fields}


def _forged() -> list[Form]:
    found = []
    for name, binding in enrolments.forged():
        try:
            binding.require_signed()
        except NotSignedBy as error:
            found.append(_binding(name, binding, type(error).__name__))
        else:
            raise AssertionError(f"{name} is accepted")
    return found


def _list(name: str, codes_: code_list.CodeList) -> Form:
    return {"name": name, "official": codes_.official, "list": json.loads(codes_.to_json())}


def _forged_lists() -> list[Form]:
    return [_list(name, each) for name, each in enrolments.forged_lists()]
