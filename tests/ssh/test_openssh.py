"""Tunnels by the command `ssh`, which is a stand-in here: it notes what it is called with, and asks as ssh does."""

import atexit
import json
import os
import stat
import sys

import pytest

from purezmq.ssh import openssh, tunnel
from purezmq.ssh.openssh import MaxRetryExceeded, openssh_tunnel

pytest.importorskip("pexpect")
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")  # by pexpect

RIGHT, WRONG = "secret", "wrong"

STAND_IN = """#!{python} -IS
import json, os, sys
wish = json.load(open({wishes!r}))
environment = [name for name in os.environ if name.startswith("SSH_ASKPASS")]
with open({calls!r}, "a") as calls:
    print(json.dumps({{"arguments": sys.argv[1:], "askpass": environment}}), file=calls)
if "-O" in sys.argv:
    action = sys.argv[sys.argv.index("-O") + 1]
    print(wish["shared"].get(action, ""))
    sys.exit(action not in wish["shared"])
print(wish["says"])
for question in wish["asks"]:
    print(question, end="", flush=True)
    if sys.stdin.readline().strip() == wish["password"]:
        break
else:
    sys.exit(wish["status"])
"""


class StandIn:
    """What the stand-in for ssh is to do, and what it was called with."""

    def __init__(self, folder):
        self._wishes, self._calls = folder / "wishes", folder / "calls"
        self._calls.touch()
        command = folder / "ssh"
        command.write_text(STAND_IN.format(python=sys.executable, wishes=str(self._wishes), calls=str(self._calls)))
        command.chmod(command.stat().st_mode | stat.S_IXUSR)
        self(asks=[])

    def __call__(self, *, asks, password="", says="", status=0, shared=None):
        """Asked these questions, end well as soon as the answer is the password; else end with the status."""
        wish = {"asks": asks, "password": password, "says": says, "status": status, "shared": shared or {}}
        self._wishes.write_text(json.dumps(wish))

    @property
    def calls(self):
        return [json.loads(line)["arguments"] for line in self._calls.read_text().splitlines()]

    @property
    def askpass(self):
        return [name for line in self._calls.read_text().splitlines() for name in json.loads(line)["askpass"]]


@pytest.fixture
def ssh(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return StandIn(tmp_path)


@pytest.fixture
def typed(monkeypatch):
    """What is typed when a password is asked for; and what was asked."""
    answers, questions = [], []

    def getpass(question):
        questions.append(question)
        return answers.pop(0)

    monkeypatch.setattr(openssh, "getpass", getpass)
    return answers, questions


@pytest.fixture
def at_exit(monkeypatch):
    """What is to be done at the end of the program."""
    registered = []
    monkeypatch.setattr(atexit, "register", lambda *call: registered.append(call))
    return registered


def test_the_tunnel_is_a_local_forwarding_in_the_background(ssh):
    assert openssh_tunnel(1234, 5678, "ann@gateway") > 0
    assert ssh.calls == [
        ["-O", "check", "ann@gateway"],
        ["-f", "-S", "none", "-L", "127.0.0.1:1234:127.0.0.1:5678", "ann@gateway", "sleep", "60"],
    ]


def test_port_key_host_and_time_are_passed_on(ssh):
    openssh_tunnel(1234, 5678, "gateway:2222", "10.0.0.7", "/keys/my key", timeout=5)
    login = ["-i", "/keys/my key", "-p", "2222"]
    assert ssh.calls == [
        [*login, "-O", "check", "gateway"],
        [*login, "-f", "-S", "none", "-L", "127.0.0.1:1234:10.0.0.7:5678", "gateway", "sleep", "5"],
    ]


def test_an_ipv6_address_is_put_in_brackets(ssh):
    openssh_tunnel(1234, 5678, "gateway", remoteip="fd00::7")
    assert "127.0.0.1:1234:[fd00::7]:5678" in ssh.calls[1]


def test_a_shared_connection_is_used_until_the_program_ends(ssh, at_exit):
    ssh(asks=[], shared={"check": "Master running (pid=4711)", "forward": "", "cancel": ""})
    assert openssh_tunnel(1234, 5678, "gateway:2222") == 4711
    [(function, *arguments)] = at_exit
    function(*arguments)
    forwarding = ["-L", "127.0.0.1:1234:127.0.0.1:5678", "gateway"]
    assert ssh.calls == [
        ["-p", "2222", "-O", "check", "gateway"],
        ["-p", "2222", "-O", "forward", *forwarding],
        ["-p", "2222", "-O", "cancel", *forwarding],
    ]


def test_a_shared_connection_that_forwards_nothing_is_not_used(ssh, at_exit):
    ssh(asks=[], shared={"check": "Master running (pid=4711)"})
    assert openssh_tunnel(1234, 5678, "gateway") != 4711
    assert ssh.calls[-1][0] == "-f"
    assert at_exit == []


def test_the_password_is_typed_for_you(ssh):
    ssh(asks=["ann@gateway's password: "], password=RIGHT, status=255)
    assert openssh_tunnel(1234, 5678, "ann@gateway", password=RIGHT) > 0


def test_without_a_password_you_are_asked(ssh, typed):
    answers, questions = typed
    answers += [RIGHT]
    ssh(asks=["Enter passphrase for key: "], password=RIGHT, status=255)
    assert openssh_tunnel(1234, 5678, "ann@gateway") > 0
    assert questions == ["ann@gateway's password: "]


def test_you_are_asked_again_when_the_password_is_wrong(ssh, typed):
    answers, questions = typed
    answers += ["not this", RIGHT]
    ssh(asks=["Password: "] * 3, password=RIGHT, status=255)
    assert openssh_tunnel(1234, 5678, "gateway", password=WRONG) > 0
    assert questions == ["Not accepted. gateway's password: "] * 2


def test_ssh_gives_up_and_so_does_the_tunnel(ssh, typed):
    typed[0].append("wrong, too")
    ssh(asks=["Password: "] * 2, password=RIGHT, status=255, says="Permission denied")
    with pytest.raises(RuntimeError, match="ann@gateway"):
        openssh_tunnel(1234, 5678, "ann@gateway", password=WRONG)


def test_ten_wrong_passwords_are_enough(ssh, typed):
    typed[0].extend(["wrong"] * 9)
    ssh(asks=["Password: "] * 11, password=RIGHT, status=255)
    with pytest.raises(MaxRetryExceeded, match="10 passwords"):
        openssh_tunnel(1234, 5678, "gateway", password=WRONG)


def test_what_ssh_says_when_it_fails_is_told(ssh):
    ssh(asks=[], status=255, says="connect to host gateway port 22: Connection refused")
    with pytest.raises(RuntimeError, match=r"by gateway:22 did not come about: .*Connection refused"):
        openssh_tunnel(1234, 5678, "gateway:22")


UNKNOWN = "The authenticity of host ... Are you sure you want to continue connecting (yes/no)? "


def test_an_unknown_server_is_refused(ssh):
    ssh(asks=[UNKNOWN], status=255)
    with pytest.raises(tunnel.SSHException, match="nobody vouches for gateway"):
        openssh_tunnel(1234, 5678, "ann@gateway")
    with pytest.raises(tunnel.SSHException, match="nobody vouches for gateway"):
        tunnel.try_passwordless_ssh("ann@gateway", None, paramiko=False)


def test_an_ssh_that_is_silent_is_given_up(ssh, monkeypatch):
    monkeypatch.setattr(openssh, "PATIENCE", 0.1)
    ssh(asks=[""])
    with pytest.raises(MaxRetryExceeded, match="gateway did not answer within"):
        openssh_tunnel(1234, 5678, "gateway")


def test_ssh_asks_in_the_terminal(ssh, monkeypatch):
    monkeypatch.setenv("SSH_ASKPASS", "/usr/bin/a-window")
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")
    tunnel.try_passwordless_ssh("gateway", None, paramiko=False)
    assert len(ssh.calls) == 1
    assert ssh.askpass == []


def test_whoever_gets_in_without_a_password_gets_in(ssh):
    assert tunnel.try_passwordless_ssh("ann@gateway:2222", "/keys/mine", paramiko=False)
    assert ssh.calls == [["-i", "/keys/mine", "-p", "2222", "-f", "ann@gateway", "exit"]]


@pytest.mark.parametrize(
    "wish",
    [
        {"asks": ["Password: "], "password": RIGHT},
        {"asks": [], "says": "Permission denied (publickey).", "status": 255},
    ],
    ids=["ssh asks for a password", "ssh takes no password"],
)
def test_whoever_does_not_does_not(ssh, wish):
    ssh(**wish)
    assert not tunnel.try_passwordless_ssh("gateway", None, paramiko=False)


def test_a_server_is_no_option(ssh):
    for refused in (
        lambda: openssh_tunnel(1, 2, "-oProxyCommand=true"),
        lambda: openssh.try_passwordless_openssh("-V", None),
    ):
        with pytest.raises(ValueError, match="named as"):
            refused()
    assert ssh.calls == []


def test_without_the_command_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="ssh"):
        openssh_tunnel(1234, 5678, "gateway")
