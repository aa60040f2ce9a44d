import pytest

from purezmq.ssh.server import Server


@pytest.mark.parametrize(
    ("name", "server"),
    [
        ("gateway", Server("gateway")),
        ("ann@gateway.example.org", Server("gateway.example.org", "ann")),
        ("gateway:2222", Server("gateway", port=2222)),
        ("ann@10.0.0.7:2222", Server("10.0.0.7", "ann", 2222)),
        ("ann@[::1]:2222", Server("::1", "ann", 2222)),
        ("[::1]", Server("::1")),
        ("ann@example.org@gateway", Server("gateway", "ann@example.org")),
    ],
)
def test_a_name_is_user_host_and_port(name, server):
    assert Server.parse(name) == server


@pytest.mark.parametrize("name", ["", "@host", "host:", "host:ssh", "::1", "-oProxyCommand=true"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError, match="host") as caught:
        Server.parse(name)
    assert repr(name) in str(caught.value)


def test_ssh_logs_in_to_user_and_host():
    assert Server.parse("ann@gateway:2222").login == "ann@gateway"
    assert Server.parse("gateway:2222").login == "gateway"
