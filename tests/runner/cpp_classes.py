# SPDX-License-Identifier: Apache-2.0
"""Reads as much C++ as the house rules need: the classes of a source, their members, constructors and methods.

Tolerant: it knows our style and no other. What it does not understand, it skips.
"""

import dataclasses
import re

# Comments, string literals and character literals.
_NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
_CLASS = re.compile(r"\bclass\s+(?:alignas\([^)]*\)\s*)?([A-Z]\w*)(?:\s+final)?\s*(?::[^;{]*)?\{")
_MEMBER = re.compile(r"\b([a-z]\w*_)\s*(?:\[[^\]]*\]\s*)*(?:=.*|\{.*)?$", re.DOTALL)
# A name with its parameters behind a type, as declarations and definitions have it; calls have another word before them.
_FUNCTION = re.compile(r"(?:([\w:]+|[>&*\]])\s+|[>&*])((?:\w+::)*[A-Za-z]\w*)\s*\(")
_NO_TYPE = {"return", "co_return", "else", "throw", "new", "case", "do", "and", "or", "not"}
_METHOD = re.compile(r"^(?:[A-Za-z_][^(;={}#]*?[\s&*>])?((?:\w+::)*)([A-Z]\w*)::~?\w+\s*\(", re.MULTILINE)


@dataclasses.dataclass
class Class:
    name: str
    line: int
    members: list  # names of data members, those with a name that ends with an underscore
    arguments: int  # of the constructor with the most


def without_noise(text):
    """The text with comments and literals blanked, so that positions and lines stay."""
    blank = lambda match: re.sub(r"[^\n]", " ", match[0])  # noqa: E731
    return _NOISE.sub(blank, text)


def _end_of_block(text, begin):
    """The position after the brace that closes the one at `begin`."""
    depth = 0
    for match in re.finditer(r"[{}]", text[begin:]):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return begin + match.end()
    return len(text)


def _statements(body):
    """The statements of a class body, with the bodies of functions and nested classes cut out."""
    parts = []
    at = depth = begin = 0
    while at < len(body):
        char = body[at]
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == "{" and depth == 0:
            end = _end_of_block(body, at)
            head = body[begin:at]
            if re.search(r"\)[\w\s:&]*$|\)\s*:|\b(class|struct|enum|union)\b", head):  # a body, not an initializer
                parts.append(head)
                begin = end
            at = end
            continue
        elif char == ";" and depth == 0:
            parts.append(body[begin:at])
            begin = at + 1
        at += 1
    return [re.sub(r"^\s*(?:(?:public|private|protected)\s*:\s*)*", "", part).strip() for part in parts]


def _without_templates(text):
    """The text without template arguments, whose commas and parentheses would mislead."""
    for _ in range(8):
        text, changed = re.subn(r"<[^<>;]*>", "", text)
        if not changed:
            break
    return text


def _count_arguments(text):
    """The number of arguments in `text`, which begins after the opening parenthesis."""
    depth, count, empty = 1, 1, True
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            break
        count += char == "," and depth == 1
        empty &= char.isspace()
    return 0 if empty else count


def classes(text):
    """Every class that is defined in a source or header."""
    text = without_noise(text)
    found = []
    for match in _CLASS.finditer(text):
        if re.search(r"\benum\s+$", text[:match.start()]):
            continue
        name = match[1]
        members, arguments = [], 0
        for statement in _statements(text[match.end():_end_of_block(text, match.end() - 1) - 1]):
            if re.match(r"(using|typedef|friend|static|template|enum|struct|class|union)\b", statement):
                continue
            plain = _without_templates(statement)
            constructor = re.match(rf"(?:explicit\s+|constexpr\s+)*{name}\s*\(", plain)
            if constructor:
                arguments = max(arguments, _count_arguments(plain[constructor.end():]))
            elif member := _MEMBER.search(re.sub(r"\([^()]*\)", "", plain)):
                if "(" not in re.sub(r"[={].*", "", plain, flags=re.DOTALL):
                    members.append(member[1])
        found.append(Class(name, text.count("\n", 0, match.start()) + 1, members, arguments))
    return found


def function_arguments(text):
    """(name, number of arguments) of every function that is declared or defined, and of variables made in their way."""
    plain = _without_templates(without_noise(text))
    return [(match[2], _count_arguments(plain[match.end():])) for match in _FUNCTION.finditer(plain)
            if match[1] not in _NO_TYPE]


def classes_with_methods(text):
    """Names of the classes that have a method defined in this source, outside of the class."""
    return {match[2] for match in _METHOD.finditer(without_noise(text))}
