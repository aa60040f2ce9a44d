"""`python -m purezmq.curve_keygen`."""

import importlib
import subprocess
import sys

import pytest

from tests.helpers.processes import environment


def keygen(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "purezmq.curve_keygen", *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_the_key_generator_says_what_it_takes():
    told = keygen("--help").stdout
    assert "python3 -m purezmq.curve_keygen" in told
    assert "--json" in told
    assert "--secret" in told


@pytest.fixture
def main(monkeypatch):
    module = importlib.import_module("purezmq.curve_keygen")
    monkeypatch.setattr(module, "curve_keypair", lambda: (b"the public one", b"the secret one"))
    monkeypatch.setattr(module, "curve_public", lambda secret: b"public of " + secret)
    return module.main


def test_the_key_generator_prints_a_pair(main, capsys):
    main([])
    assert capsys.readouterr().out.splitlines() == [
        "== CURVE PUBLIC KEY ==",
        "the public one",
        "",
        "== CURVE SECRET KEY ==",
        "the secret one",
    ]


def test_or_json(main, capsys):
    main(["--json"])
    assert capsys.readouterr().out == '{\n "public": "the public one",\n "secret": "the secret one"\n}\n'


def test_or_the_public_key_of_a_secret_one(main, capsys):
    main(["--json", "--secret", "abc"])
    assert capsys.readouterr().out == '{\n "public": "public of abc",\n "secret": "abc"\n}\n'
