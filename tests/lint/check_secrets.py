#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is secret is compared by base::equal_in_constant_time and by nothing else, and that is OpenSSL's.

check_secrets.py ROOT
"""
import re

import tree

# The functions that decide by comparing what must not be guessed byte by byte, and how often each file does.
PLACES = {
    "daemon/accounts/secret.cpp": 2,  # an MD5, a yescrypt hash
    "daemon/accounts/verified.cpp": 1,  # the mark of a password that was good lately
    "daemon/clients/token.cpp": 2,  # the signature of a token, the mark of its account's secret
}
# Hashes there are of tables; a password is typed twice by the same person; a file's mark is when it was written.
NO_SECRETS = ("daemon/calls/", "daemon/ctl/", "daemon/accounts/sqlite_store.cpp")
HOME = "daemon/base/digest.cpp"
COMPARED = re.compile(r"\bequal_in_constant_time\(")
RIGHT = re.compile(r"bool equal_in_constant_time\([^)]*\) noexcept \{\s*return a\.size\(\) == b\.size\(\) && CRYPTO_memcmp\("
                   r"a\.data\(\), b\.data\(\), a\.size\(\)\) == 0;\s*\}")
SECRET = r"(?:\b(?:\w+_)?(?:mac|mark|hash|hashed|computed|expected|candidate|secret|password|presented|stored)(?:_of\(.*\))?)"
VALUE = r"(?!npos|nullptr|0\b|std::nullopt|std::strong|SecretKind|Presented|\w+\.end\(\))"
OTHERWISE = re.compile(rf"{SECRET} *[=!]= *{VALUE}|[=!]= *\*?{SECRET}\b(?!\.|\()|{SECRET}\.compare\(|\b(?:memcmp|strcmp|strncmp)\([^;]*{SECRET}")


def problems(root):
    for path, count in PLACES.items():
        found = len(COMPARED.findall((root / path).read_text(encoding="utf-8"))) if (root / path).exists() else 0
        if found != count:
            yield f"{path}:1: compares {found} times in constant time, not {count}: see PLACES"
    if not (root / HOME).exists() or not RIGHT.search((root / HOME).read_text(encoding="utf-8")):
        yield f"{HOME}:1: equal_in_constant_time is not CRYPTO_memcmp"
    for file in tree.files(root):
        path = file.relative_to(root).as_posix()
        if not path.startswith("daemon/") or path.startswith(NO_SECRETS) or file.suffix not in tree.CPP:
            continue
        for number, line in enumerate(tree.lines(file), 1):
            if OTHERWISE.search(line.split("//")[0]):
                yield f"{path}:{number}: a secret is compared by other than equal_in_constant_time: {line.strip()}"


if __name__ == "__main__":
    tree.run(problems)
