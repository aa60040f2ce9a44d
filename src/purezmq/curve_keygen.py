"""Make a key pair for CURVE, and print it: `python -m purezmq.curve_keygen`.

The keys are text (Z85). `--secret` takes a secret key that exists and prints the public key that belongs to it.
"""

import argparse
import json

from .api.version import curve_keypair, curve_public

PLAIN = """\
== CURVE PUBLIC KEY ==
{public}

== CURVE SECRET KEY ==
{secret}"""


def main(arguments: list[str] | None = None) -> None:
    """Print the keys. Raises ValueError or ZMQError for a secret key that is none, SystemExit for wrong arguments."""
    parser = argparse.ArgumentParser(prog=_program(), description=__doc__)
    parser.add_argument("--json", action="store_true", help="print a JSON object")
    parser.add_argument("--secret", help="a secret key that exists")
    options = parser.parse_args(arguments)
    if options.secret:
        keys = {"public": curve_public(options.secret.encode()).decode(), "secret": options.secret}
    else:
        keys = dict(zip(("public", "secret"), (key.decode() for key in curve_keypair()), strict=True))
    print(json.dumps(keys, indent=1, sort_keys=True) if options.json else PLAIN.format(**keys))  # noqa: T201 (its task)


def _program() -> str:
    """How this was started: by the name of the module, which may be another one's."""
    return f"python3 -m {__spec__.name}"


if __name__ == "__main__":
    main()
