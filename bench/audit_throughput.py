#!/usr/bin/env python3
"""Throughput and memory of `imspect audit`, side by side with tshark, on captures made long.

usage: bench/audit_throughput.py IMSPECT [--page FILE] [--megabytes N] [--times N] [--subscribers N] [--runs N]

Synthesised registrations are laid end to end on one set of nodes until the capture has N megabytes (100), then N times (10) as
many: identities, UE addresses, Call-IDs, branches, tags, Session-Ids and the identifiers of Diameter are new in each copy, as is RAND; digest
responses are computed anew, TCP sequence numbers go on. --subscribers (1000) come back in turn. tshark is given the same file
and asked for what names a message. Wall and CPU seconds and the peak of resident memory are the kernel's (wait4). The
long captures lie in the folder for temporary files and are deleted. --runs (12) is how many synthesised runs are mixed.
"""
import argparse
import base64
import datetime
import hashlib
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time

GAP_US = 10_000
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def word(number, length):
    text = ""
    for _ in range(length):
        number, digit = divmod(number, 36)
        text = ALPHABET[digit] + text
    return text.encode()


def md5(data):
    return hashlib.md5(data).hexdigest().encode()


def response(fields, username, xres):
    """RFC 2617 with the octets of XRES as password (RFC 3310); our REGISTERs have no body."""
    first = md5(username + b":" + fields[b"realm"] + b":" + xres)
    qop = fields.get(b"qop", b"")
    second = md5(b"REGISTER:" + fields[b"uri"] + (b":" + md5(b"") if qop == b"auth-int" else b""))
    middle = b":" + fields[b"nc"] + b":" + fields[b"cnonce"] + b":" + qop if qop else b""
    return md5(first + b":" + fields[b"nonce"] + middle + b":" + second)


class Run:
    """A synthesised capture, and where in it a copy has to differ."""

    def __init__(self, data):
        self.body = data[24:]
        self.times, self.sequence, self.addresses, self.diameter = [], [], [], []
        self.lengths = {}
        first = {}
        at = 0
        xres = re.findall(rb"\x00\x00\x02\x62\xc0\x00\x00([\x0d-\x20])\x00\x00\x28\xaf(.{16})", self.body, re.S)
        self.xres = {value[:length[0] - 12] for length, value in xres}
        while at < len(self.body):
            seconds, micros, length, _ = struct.unpack_from("<4I", self.body, at)
            self.times.append((at, seconds * 1_000_000 + micros))
            ip = at + 16 + 14
            protocol, source, target = self.body[ip + 9], self.body[ip + 12:ip + 16], self.body[ip + 16:ip + 20]
            self.addresses += [ip + 12 + 4 * which for which, address in enumerate((source, target)) if address == bytes((10, 9, 0, 1))]
            if protocol == 6:
                ports = self.body[ip + 20:ip + 24]
                this, other = (source, target, ports), (target, source, ports[2:] + ports[:2])
                number, = struct.unpack_from(">I", self.body, ip + 24)
                begin = ip + 20 + (self.body[ip + 32] >> 4) * 4
                first.setdefault(this, number)
                self.sequence.append((ip + 24, this, other, number - first[this]))
                self.lengths[this] = self.lengths.get(this, 0) + at + 16 + length - begin
                if at + 16 + length > begin and self.body[begin] == 1 and self.body[begin + 4] in (0x40, 0xC0):
                    self.diameter.append(begin + 12)
            at += 16 + length
        self.times = [(position, stamp - self.times[0][1]) for position, stamp in self.times]
        self.duration = self.times[-1][1]
        self.find_text()

    def find_text(self):
        everywhere = lambda pattern: [match.start(1) for match in re.finditer(pattern, self.body)]
        self.impis, self.impus = everywhere(rb"(impi1)@"), everywhere(rb"(impu1)@")
        self.hosts = everywhere(rb"\D(10\.9\.0\.1)\b")
        tokens = rb"(?:branch=z9hG4bK|tag=|Call-ID: )([0-9a-f]{8})"
        self.tokens = [(match.start(1), int(match.group(1), 16)) for match in re.finditer(tokens, self.body)]
        self.sessions = [(match.start(1), len(match.group(1)), int(match.group(1)))
                         for match in re.finditer(rb"3gppnetwork\.org;(\d{6,10});", self.body)]
        everything = {base64.b64decode(text) for text in re.findall(rb'[ ,]nonce="([^"]+)"', self.body)}
        everything |= set(re.findall(rb"\x00\x00\x02\x61\xc0\x00\x00\x2c\x00\x00\x28\xaf(.{32})", self.body, re.S))  # never challenged
        self.nonces = {nonce: (everywhere(b"(" + re.escape(nonce) + b")"), everywhere(b"(" + re.escape(base64.b64encode(nonce)) + b")"))
                       for nonce in everything}
        self.digests = []
        for line in re.finditer(rb"Authorization: (Digest [^\r]*)\r", self.body):
            fields = dict(re.findall(rb'([a-z-]+)="?([^",]*)"?', line.group(1)))
            if len(fields.get(b"response", b"")) != 32:
                continue
            known = [xres for xres in self.xres if response(fields, fields[b"username"], xres) == fields[b"response"]]
            if known:  # a wrong response stays wrong
                self.digests.append((line.start(1) + line.group(1).index(b'response="') + 10, fields, known[0]))

    def copy(self, serial, subscriber, start_us, totals):
        """This run as the `serial`-th, of that subscriber, from start_us on. `totals`: octets so far, by direction of TCP."""
        body = bytearray(self.body)
        for at, stamp in self.times:
            struct.pack_into("<2I", body, at, *divmod(start_us + stamp, 1_000_000))
        for at, this, other, number in self.sequence:
            # What was sent the other way by then is not needed: an acknowledgement of nothing new is as good.
            struct.pack_into(">2I", body, at, (1 + totals.get(this, 0) + number) & 0xFFFFFFFF, (1 + totals.get(other, 0)) & 0xFFFFFFFF)
        for this, length in self.lengths.items():
            totals[this] = totals.get(this, 0) + length
        first, rest = divmod(subscriber, 1000)
        octets = (11 + first % 80, rest // 100, rest // 10 % 10, rest % 10)
        for at in self.addresses:
            body[at:at + 4] = bytes(octets)
        for positions, text in ((self.impis, b"i" + word(subscriber, 4)), (self.impus, b"u" + word(subscriber, 4)),
                                (self.hosts, ".".join(map(str, octets)).encode())):
            for at in positions:
                body[at:at + len(text)] = text
        mixed = serial * 2_654_435_761 & 0xFFFFFFFF
        for at, value in self.tokens:
            body[at:at + 8] = b"%08x" % (value ^ mixed)
        for at, length, value in self.sessions:
            body[at:at + length] = b"%0*d" % (length, (value + serial * 7) % 10 ** length)
        for at in self.diameter:
            hop, end = struct.unpack_from(">2I", body, at)
            struct.pack_into(">2I", body, at, hop + serial * 256 & 0xFFFFFFFF, end ^ mixed)
        fresh = {}
        for nonce, (octets_at, text_at) in self.nonces.items():
            new = bytes(a ^ b for a, b in zip(nonce[:4], struct.pack(">I", mixed))) + nonce[4:]  # another RAND
            fresh[base64.b64encode(nonce)] = text = base64.b64encode(new)
            for at in octets_at:
                body[at:at + len(new)] = new
            for at in text_at:
                body[at:at + len(text)] = text
        for at, fields, xres in self.digests:
            fields = {**fields, b"nonce": fresh[fields[b"nonce"]]}
            username = b"i" + word(subscriber, 4) + fields[b"username"][5:]
            body[at:at + 32] = response(fields, username, xres)
        return body


def without_watchdog(data):
    """The two frames by which a synthesised run shows that the taps stay open, minutes later, would make most of the time silence."""
    at, ends = 24, []
    while at < len(data):
        at += 16 + struct.unpack_from("<I", data, at + 8)[0]
        ends.append(at)
    return data[:ends[-3]]


def make_runs(imspect, count):
    runs, header = [], b""
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, 10 * count):
            file = pathlib.Path(folder) / "run.pcap"
            scenario = "success" if seed % 2 else "single"
            subprocess.run([imspect, "synthesize", "--scenario", scenario, "--seed", str(seed), "-o", file], check=True, capture_output=True)
            data = without_watchdog(file.read_bytes())
            header = data[:24]
            run = Run(data)
            if run.duration < 2_000_000:  # laid end to end, waits for timers would only make silence
                runs.append(run)
            if len(runs) == count:
                break
    return header, runs


def write(file, header, runs, least, subscribers):
    """Returns octets, frames and registrations of the capture."""
    size, frames, serial, totals, now = len(header), 0, 0, {}, 1_700_000_000_000_000
    with open(file, "wb") as out:
        out.write(header)
        while size < least:
            run = runs[serial % len(runs)]
            body = run.copy(serial, serial % subscribers, now, totals)
            out.write(body)
            size, frames, serial, now = size + len(body), frames + len(run.times), serial + 1, now + run.duration + GAP_US
    return size, frames, serial


def measure(command):
    begin = time.monotonic()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown processor")
    return f"{model}, {os.cpu_count()} cores visible, load {os.getloadavg()[0]:.1f} at the start"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("imspect")
    parser.add_argument("--page")
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--subscribers", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=12)
    options = parser.parse_args()
    where, rows = machine(), []
    header, runs = make_runs(options.imspect, options.runs)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "long.pcap"
        for times in sorted({1, options.times}):
            size, frames, registrations = write(file, header, runs, times * options.megabytes * 1_000_000, options.subscribers)
            what = f"{size / 1e6:,.0f} MB, {frames:,} frames, {registrations:,} runs"
            tools = [("imspect audit", [options.imspect, "audit", file, "--format", "json"])]
            if times == 1:
                tools.append(("tshark -T fields", ["tshark", "-r", file, "-T", "fields", "-e", "sip.Method", "-e", "sip.Status-Code",
                                                   "-e", "diameter.cmd.code"]))
            for name, command in tools:
                wall, cpu, peak, status = measure(command)
                rows.append((name, what, f"{wall:.1f}", f"{cpu:.1f}", f"{size / 1e6 / wall:.1f}", f"{peak:,.0f}", status))
                print(*rows[-1], sep=" | ", flush=True)
            file.unlink()
    if options.page:
        write_page(options, where, rows)
    return 0


def write_page(options, where, rows):
    lines = ["# How fast an audit is, and what memory it takes", "",
             f"Written by `bench/audit_throughput.py` on {datetime.date.today()}: {where}.",
             f"{options.subscribers:,} subscribers register and re-register in turn; see the script for how the captures are made. tshark is asked for",
             "`sip.Method`, `sip.Status-Code` and `diameter.cmd.code`, which is what an audit reads first and judges afterwards.", "",
             "| program | capture | wall s | CPU s | MB/s | peak MiB | exit status |", "|---|---|---:|---:|---:|---:|---:|"]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    wall, cpu = (float(rows[0][at]) / float(rows[1][at]) for at in (2, 3))
    growth = float(rows[-1][5].replace(",", "")) / float(rows[0][5].replace(",", ""))
    lines += ["", f"imspect to tshark in this one run: {wall:.2f} of the wall time, {cpu:.2f} of the CPU time; on a machine under load only the latter",
              f"says much. Peak memory on the longest capture is {growth:.2f} times that on the first."]
    pathlib.Path(options.page).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
