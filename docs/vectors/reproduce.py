#!/usr/bin/env python3
"""Makes every vector in this folder again, from docs/protocol.md alone and with nothing of ours.

A beginning for a client in another language, and a check that the page says enough. Standard library only:
    python3 docs/vectors/reproduce.py
"""

import hashlib
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent


def load(name):
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def sha256(data):
    return hashlib.sha256(data).digest()


# Canonical JSON and ids

def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def uuid(raw, version):
    raw = bytearray(raw)
    raw[6] = raw[6] & 0x0F | version << 4
    raw[8] = raw[8] & 0x3F | 0x80
    digits = raw.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def time_ordered(millis, random):
    return uuid(millis.to_bytes(6, "big") + random, 7)


def derived(*parts):
    texts = [part.encode() for part in parts]
    return uuid(sha256(b"".join(struct.pack(">Q", len(text)) + text for text in texts))[:16], 8)


# Changes

def number(n):
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes(out + bytes([n]))


def signed(n):
    out = bytearray()
    while True:
        byte, n = n & 0x7F, n >> 7
        if (n, byte & 0x40) in ((0, 0), (-1, 0x40)):
            return bytes(out + bytes([byte]))
        out.append(byte | 0x80)


def counted(data):
    return number(len(data)) + data


def text(value):
    return counted(value.encode())


def runs(values, code):
    out, alone, at = b"", [], 0
    while at <= len(values):
        end = at
        while end < len(values) and values[end] == values[at]:
            end += 1
        if end - at == 1:
            alone.append(code(values[at]))
        else:
            if alone:
                out += signed(-len(alone)) + b"".join(alone)
                alone = []
            if at < len(values):
                out += signed(end - at) + code(values[at])
        at = max(end, at + 1)
    return out


def chunk(deps, actor, sequence, start, others, columns):
    columns = [(column, data) for column, data in columns if data]
    body = number(len(deps)) + b"".join(sorted(deps)) + counted(actor) + number(sequence) + number(start)
    body += signed(0) + number(0)  # no time, no message
    body += number(len(others)) + b"".join(map(counted, others))
    body += number(len(columns)) + b"".join(number(column) + number(len(data)) for column, data in columns)
    body += b"".join(data for _, data in columns)
    hashed = b"\x01" + counted(body)
    digest = sha256(hashed)
    return b"\x85\x6f\x4a\x83" + digest[:4] + hashed, digest


def first_change(header):
    actor = sha256(header.encode())[:16]
    columns = [
        (0x15, runs(["fields", "entries"], text)),
        (0x34, number(2)),
        (0x42, runs([0, 0], number)),
        (0x56, runs([0, 0], number)),
        (0x70, runs([0, 0], number)),
    ]
    return (actor, *chunk([], actor, 1, 1, [], columns))


FIELDS, ENTRIES = 1, 2


def change(header, actor, sequence, start, deps, puts):
    """`puts`: container, key, value, and the (operation, actor) of each value that it replaces."""
    page = first_change(header)[0]
    replaced = [sorted(predecessors) for _, _, _, predecessors in puts]
    others = sorted(({page} | {whose for predecessors in replaced for _, whose in predecessors}) - {actor})
    place = {whose: at for at, whose in enumerate([actor, *others])}
    every = [predecessor for predecessors in replaced for predecessor in predecessors]
    steps = [op - before for op, before in zip([op for op, _ in every], [0] + [op for op, _ in every])]
    values = [value.encode() for _, _, value, _ in puts]
    columns = [
        (0x01, runs([place[page]] * len(puts), number)),
        (0x02, runs([container for container, _, _, _ in puts], number)),
        (0x15, runs([key for _, key, _, _ in puts], text)),
        (0x34, number(len(puts))),
        (0x42, runs([1] * len(puts), number)),
        (0x56, runs([len(value) << 4 | 6 for value in values], number)),
        (0x57, b"".join(values)),
        (0x70, runs([len(predecessors) for predecessors in replaced], number)),
        (0x71, runs([place[whose] for _, whose in every], number)),
        (0x73, runs(steps, signed)),
    ]
    return chunk(deps, actor, sequence, start, others, columns)


# Frames

def read_cbor(data, at=0):
    major, count, at = data[at] >> 5, data[at] & 31, at + 1
    if major == 7:
        return {20: False, 21: True, 22: None}[count], at
    if count >= 24:
        size = 1 << count - 24
        count, at = int.from_bytes(data[at : at + size], "big"), at + size
    if major < 2:
        return (count if major == 0 else -1 - count), at
    if major < 4:
        part = data[at : at + count]
        return (part if major == 2 else part.decode()), at + count
    items = []
    for _ in range(count if major == 4 else 2 * count):
        item, at = read_cbor(data, at)
        items.append(item)
    return (items if major == 4 else dict(zip(items[::2], items[1::2]))), at


def write_cbor(value):
    def head(major, count):
        if count < 24:
            return bytes([major << 5 | count])
        size = next(size for size in (1, 2, 4, 8) if count < 1 << 8 * size)
        return bytes([major << 5 | 23 + size.bit_length()]) + count.to_bytes(size, "big")

    match value:
        case None | bool():
            return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
        case list():
            return head(4, len(value)) + b"".join(map(write_cbor, value))
        case dict():
            return head(5, len(value)) + b"".join(write_cbor(k) + write_cbor(v) for k, v in value.items())


def checked(frame):
    """The outermost count in its long form, one field more, and in it the sum over all bytes before it."""
    if isinstance(frame, dict):
        body = bytes([0xB8, len(frame) + 1]) + write_cbor(frame)[1:] + write_cbor(23)
    else:
        number, values = write_cbor(frame[0]), write_cbor(frame[1])
        body = bytes([0x98, 2]) + number + bytes([values[0] + 1]) + values[1:]
    body += b"\x48"
    return body + hashlib.sha256(body).digest()[:8]


# The vectors

def same(ours, theirs):
    if ours != theirs:
        raise SystemExit(f"made:     {ours}\nexpected: {theirs}")


def check_texts():
    for vector in load("ids")["v7"]:
        same(time_ordered(vector["millis"], bytes.fromhex(vector["random"])), vector["id"])
    for vector in load("ids")["derived"]:
        same(derived(*vector["parts"]), vector["id"])
    for vector in load("headers"):
        header = json.loads(vector["header"])
        same(canonical(header), vector["header"])
        same(header.get("id") or derived("page", vector["header"]), vector["page"])
    for vector in load("entries")["good"]:
        same(canonical(json.loads(vector["text"])), vector["text"])
    for vector in load("commands")["commands"]:
        same(canonical(json.loads(vector["text"])), vector["text"])
        same(sha256(vector["text"].encode()).hex(), vector["hash"])
    signed_for = load("signatures")
    lines = "".join(f"{entry} {source}\n" for entry, source in signed_for["covered"])
    for vector in signed_for["digests"]:
        same(sha256((vector["lang"] + "\n" + lines).encode()).hex(), vector["digest"])


def check_changes():
    for vector in load("genesis"):
        actor, raw, digest = first_change(vector["header"])
        same((actor.hex(), raw.hex(), digest.hex()), (vector["actor"], vector["raw"], vector["hash"]))
    story = load("changes")
    header = story["header"]
    last_op, sequences, shown = {first_change(header)[2].hex(): 2}, {}, {}
    for vector in story["changes"]:
        actor = bytes.fromhex(vector["actor"])
        sequences[actor] = sequences.get(actor, 0) + 1
        start = max(last_op[dep] for dep in vector["deps"]) + 1
        # In this story every change but those on the empty page sees all that came before.
        seen = [shown[dep] for dep in vector["deps"] if dep in shown]
        puts = [(FIELDS, field, value, seen) for field, value in vector["fields"]]
        puts += [(ENTRIES, entry, source, []) for entry, source in vector["entries"]]
        deps = [bytes.fromhex(dep) for dep in vector["deps"]]
        raw, digest = change(header, actor, sequences[actor], start, deps, puts)
        same((raw.hex(), digest.hex()), (vector["raw"], vector["hash"]))
        last_op[vector["hash"]], shown[vector["hash"]] = start + len(puts) - 1, (start, actor)


def check_frames():
    for vector in load("frames"):
        data = bytes.fromhex(vector["cbor"])
        frame, end = read_cbor(data)
        if data[0] in (0xB8, 0x98):
            frame.pop(23) if isinstance(frame, dict) else frame[1].pop()
            same((end, checked(frame)), (len(data), data))
        else:
            same((end, write_cbor(frame)), (len(data), data))
    sums = load("sums")
    total = sum(int(row["hash"][:32], 16) for row in sums["rows"]) % (1 << 128)
    same(f"{total:032x}", sums["total"])


def check_times():
    times = load("times")
    for vector in times["moments"]:
        contact, received = vector["contact"], vector["received"]
        corrected = vector["clock"] - (contact["device"] - contact["server"] if contact else 0)
        bounds = [bound for bound in (contact and contact["server"], vector["floor"]) if bound is not None]
        earliest = max(bounds, default=None)
        suspect = earliest is not None and corrected < earliest - 120_000
        suspect |= received is not None and corrected > received + 120_000
        same((corrected, earliest, suspect), (vector["corrected"], vector["earliest"], vector["suspect"]))
    for vector in times["minutes"]:
        same(max(0, round(vector["millis"] / 60_000)), vector["minutes"])


if __name__ == "__main__":
    check_texts()
    check_changes()
    check_frames()
    check_times()
    print("every vector made again")
