#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the table of named character references of the HTML standard (13.5) as C++.

Python has the standard's list, and Meson needs Python anyway. Names that count without a semicolon, too, come without it.
"""

import html.entities


def escaped(text):
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def main():
    table = html.entities.html5
    names = {name.rstrip(";"): (text, name.rstrip(";") in table) for name, text in table.items()}
    for name in sorted(names):
        text, loose = names[name]
        print(f'{{"{name}", "{escaped(text)}", {str(loose).lower()}}},')


if __name__ == "__main__":
    main()
