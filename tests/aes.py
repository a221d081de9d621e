"""AES-256-CBC undone by hand (FIPS 197, NIST SP 800-38A), so that what encrypts is not its own judge."""

from itertools import pairwise


def decrypted(sealed: bytes, *, key: bytes, iv: bytes) -> bytes:
    """The text without its PKCS7 padding, once that was found to be right."""
    assert len(key) == 32 and len(iv) == 16 and sealed and len(sealed) % 16 == 0
    blocks = [iv, *(sealed[at : at + 16] for at in range(0, len(sealed), 16))]
    keys = _round_keys(key)
    plain = b"".join(
        bytes(a ^ b for a, b in zip(_block(this, keys), last, strict=True)) for last, this in pairwise(blocks)
    )
    padding = plain[-1]
    assert 1 <= padding <= 16 and plain.endswith(bytes([padding]) * padding)
    return plain[:-padding]


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def _substitutes() -> list[int]:
    inverse = [next((b for b in range(256) if _times(a, b) == 1), 0) for a in range(256)]
    turned = [[(b << n | b >> (8 - n)) & 0xFF for n in range(5)] for b in inverse]
    return [0x63 ^ a ^ b ^ c ^ d ^ e for a, b, c, d, e in turned]


_S = _substitutes()
_S_BACK = [_S.index(value) for value in range(256)]
_MIX_BACK = [[_times(value, by) for value in range(256)] for by in (14, 11, 13, 9)]


def _round_keys(key: bytes) -> list[bytes]:
    words, power = [key[at : at + 4] for at in range(0, 32, 4)], 1
    while len(words) < 60:
        word = words[-1]
        if len(words) % 8 == 0:
            word = bytes(_S[b] for b in word[1:] + word[:1])
            word, power = bytes([word[0] ^ power]) + word[1:], _times(power, 2)
        elif len(words) % 8 == 4:
            word = bytes(_S[b] for b in word)
        words.append(bytes(a ^ b for a, b in zip(words[-8], word, strict=True)))
    return [b"".join(words[at : at + 4]) for at in range(0, 60, 4)]


def _block(sealed: bytes, keys: list[bytes]) -> bytes:
    state = _added(sealed, keys[-1])
    for number in range(13, -1, -1):
        # Row r of column c came from column c + r; the state lies column by column.
        state = bytes(_S_BACK[state[(4 * (c - r) + r) % 16]] for c in range(4) for r in range(4))
        state = _added(state, keys[number])
        if number:
            state = bytes(_mixed_back(state[4 * c : 4 * c + 4], r) for c in range(4) for r in range(4))
    return state


def _mixed_back(column: bytes, row: int) -> int:
    a, b, c, d = (_MIX_BACK[n][column[(row + n) % 4]] for n in range(4))
    return a ^ b ^ c ^ d


def _added(state: bytes, key: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(state, key, strict=True))
