"""Makes common_passwords.bin: `python3 common_passwords.py COUNT RANKED ALL...`.

Takes the first COUNT passwords of RANKED, a file of one password a line with the most frequent first, and all of each
file ALL. Left out is what has fewer than 8 characters or is not plain ASCII. The form is told in common_passwords.rs,
which also says what the files were.
"""

import gzip
import os
import sys
import zlib


def read(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
    with opened as lines:
        passwords = (line.rstrip("\n").strip().lower() for line in lines)
        return list(dict.fromkeys(one for one in passwords if len(one) >= 8 and one.isascii() and one.isprintable()))


def front_coded(passwords):
    before = ""
    for password in passwords:
        shared = len(os.path.commonprefix([before, password]))
        yield bytes([shared]) + password[shared:].encode() + b"\n"
        before = password


count, ranked, *others = sys.argv[1:]
passwords = set(read(ranked)[: int(count)]).union(*map(read, others))
deflater = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
packed = deflater.compress(b"".join(front_coded(sorted(passwords)))) + deflater.flush()
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "common_passwords.bin"), "wb") as out:
    out.write(packed)
print(len(passwords), "passwords in", len(packed), "bytes")
