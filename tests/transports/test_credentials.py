import os
import pwd
import socket
import struct

from purezmq.transports import credentials
from purezmq.transports.credentials import Credentials
from tests.transports.helpers import needs_linux


class Answering(socket.socket):
    """A socket whose getsockopt gives these octets."""

    octets = b""

    def getsockopt(self, _level, _option, size=0):
        assert size == len(self.octets)
        return self.octets


@needs_linux
def test_linux_tells_user_group_and_process():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert credentials.of_peer(ours) == Credentials(os.geteuid(), (os.getegid(),), os.getpid())


def test_macos_tells_user_and_groups(monkeypatch):
    monkeypatch.delattr(socket, "SO_PEERCRED", raising=False)
    monkeypatch.setattr(socket, "LOCAL_PEERCRED", 1, raising=False)
    xucred = struct.pack("IIh2x16I", 0, 501, 2, 20, 12, *[0] * 14)
    with Answering() as sock:
        sock.octets = xucred
        assert credentials.of_peer(sock) == Credentials(501, (20, 12), None)


def test_other_platforms_tell_nothing(monkeypatch):
    monkeypatch.delattr(socket, "SO_PEERCRED", raising=False)
    monkeypatch.delattr(socket, "LOCAL_PEERCRED", raising=False)
    with socket.socket() as sock:
        assert credentials.of_peer(sock) is None


def test_the_groups_of_a_peer_are_its_own_and_its_users(monkeypatch):
    user = pwd.getpwuid(os.geteuid())
    monkeypatch.setattr(os, "getgrouplist", lambda name, gid: [gid, 4711] if name == user.pw_name else [])
    assert credentials.all_groups(Credentials(user.pw_uid, (7,), None)) == {7, 4711}


def test_a_user_that_nobody_knows_has_only_the_groups_of_its_process(monkeypatch):
    def unknown(uid):
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert credentials.all_groups(Credentials(12345, (7,), None)) == {7}
