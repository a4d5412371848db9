"""The guide of who runs a relay names what is there."""

from __future__ import annotations

import ast
import configparser
import re
from pathlib import Path

from veche.files.relay import RelayTable

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "guides" / "relay.md").read_text()
RELAY = ROOT / "app" / "veche" / "relay"


def test_guide_explains_every_key_of_the_file() -> None:
    rows = re.findall(r"^\| (`[a-z_`, \[\]]+`) \|", TEXT, re.MULTILINE)
    named = {each for row in rows for each in re.findall(r"`\[?([a-z_]+)\]?`", row)}
    assert set(RelayTable.model_fields) <= named


def test_service_starts_the_command_that_is_there() -> None:
    (unit,) = re.findall(r"```ini\n(.*?)```", TEXT, re.DOTALL)
    parser = configparser.ConfigParser()
    parser.read_string(unit)
    service = parser["Service"]
    assert service["ExecStart"].endswith("veche relay relay.toml")
    end_within = float(
        re.findall(r"END_WITHIN: Final = ([\d.]+)", (RELAY / "relay.py").read_text())[0]
    )
    assert float(service["TimeoutStopSec"]) > end_within


def test_proxy_leads_to_the_port_of_the_example_and_keeps_no_addresses() -> None:
    (server,) = re.findall(r"```nginx\n(.*?)```", TEXT, re.DOTALL)
    (port,) = set(re.findall(r"proxy_pass http://127.0.0.1:(\d+);", server))
    assert f'listen = "127.0.0.1:{port}"' in (ROOT / "examples" / "relay.toml").read_text()
    assert "access_log off;" in server
    assert server.count("{") == server.count("}")


def test_guide_names_every_path_and_metric() -> None:
    paths = set(re.findall(r"(/v1/[a-z-]+)", TEXT))
    served = {
        text
        for file in RELAY.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for text in re.findall(r"^(/v1/[a-z-]+)", node.value)
    }
    assert served - {"/v1/openapi", "/v1/problems"} <= paths
    health = (RELAY / "health.py").read_text()
    for name in re.findall(r'^            \("(\w+)", "', health, re.MULTILINE):
        assert f"`veche_relay_{name}`" in TEXT
