"""Z85: binary keys as printable text, five characters for four octets (RFC 32). Imports only the standard library."""

import struct

ALPHABET = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
DIGITS = {character: digit for digit, character in enumerate(ALPHABET)}
PLACES = (85**4, 85**3, 85**2, 85, 1)


def encode(octets: bytes) -> bytes:
    """Return the text of the octets. Raises ValueError unless their number is a multiple of 4."""
    if len(octets) % 4:
        raise ValueError(f"Z85 encodes a multiple of 4 octets, not {len(octets)}")
    numbers = struct.unpack(f">{len(octets) // 4}I", octets)
    return bytes(ALPHABET[number // place % 85] for number in numbers for place in PLACES)


def decode(text: bytes) -> bytes:
    """Return the octets that the text stands for. Raises ValueError for what is not Z85."""
    if len(text) % 5:
        raise ValueError(f"Z85 has a multiple of 5 characters, not {len(text)}")
    try:
        digits = [DIGITS[character] for character in text]
        numbers = [
            sum(digit * place for digit, place in zip(digits[at : at + 5], PLACES, strict=True))
            for at in range(0, len(digits), 5)
        ]
        return struct.pack(f">{len(numbers)}I", *numbers)
    except KeyError as error:
        raise ValueError(f"{chr(error.args[0])!r} is not a character of Z85") from None
    except struct.error:
        raise ValueError("five characters of this Z85 stand for more than 32 bits") from None
