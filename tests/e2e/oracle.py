# SPDX-License-Identifier: Apache-2.0
"""What an index must hold, written down a second time and not taken from the program: one document for each item of
the simulated Dropbox, every field of it, and nothing else."""

import hashlib
import re
import urllib.parse

# Extensions whose media type is known to everybody; of others a document may name one or none.
MEDIA_TYPES = {
    "csv": "text/csv", "html": "text/html", "jpg": "image/jpeg", "json": "application/json", "md": "text/markdown",
    "pdf": "application/pdf", "png": "image/png", "txt": "text/plain", "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FINGERPRINT = re.compile(r"[0-9a-f]{16}")
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
# Fields whose values depend on the run: checked for their form.
OF_THE_RUN = ("sync_fingerprint", "sync_seq", "sync_version")


def lies_in(path, folder):
    """Whether a path_lower is a folder (path_lower, "" for the root) or in it."""
    return not folder or path == folder or path.startswith(folder + "/")


def expected_documents(snapshot, home_namespace, links, web_url, paths=("",)):
    """{id: document} for the items of a snapshot that are under one of the paths. `links` are those of received files; None leaves these out."""
    placed = {item["id"]: item for item in snapshot if not item["received"]}
    documents = {key: _placed(item, home_namespace, web_url) for key, item in placed.items()
                 if any(lies_in(item["path_lower"], path.lower()) for path in paths)}
    # A received file that is mounted is in the tree, too, and that is where alone it counts.
    loose = [item for item in snapshot if item["received"] and item["id"] not in placed]
    if links is not None:
        documents |= {item["id"]: _received(item, links[item["id"]]) for item in loose}
    return documents


def differences(expected, actual, folder_times=None):
    """Sentences about everything in which `actual` is not as expected; none when all is well.

    `folder_times` is {id: _timestamp} of folders as an earlier look found them: a later sync keeps those.
    """
    problems = [f"missing: {expected[key]}" for key in sorted(expected.keys() - actual.keys())]
    problems += [f"extra: {actual[key]}" for key in sorted(actual.keys() - expected.keys())]
    for key in sorted(expected.keys() & actual.keys()):
        found = {field: value for field, value in actual[key].items() if value is not None}
        known_time = (folder_times or {}).get(key)
        problems += [f"{key} ({expected[key]['name']}): {problem}"
                     for problem in _field_problems(expected[key], found, known_time)]
    return problems


def _common(item):
    return {"id": item["id"], "type": "Folder" if item["type"] == "folder" else "File", "name": item["name"]}


def _of_a_file(item):
    """Fields that every file has. A field that Dropbox does not send is not in the document."""
    suffix = re.fullmatch(r"\.*[^.].*\.([^.]*)", item["name"], re.DOTALL)
    extension = re.sub("[A-Z]", lambda match: match[0].lower(), suffix[1]) if suffix else ""
    fields = {"size": item["size"], "rev": item["rev"], "client_modified": item["client_modified"],
              "server_modified": item["server_modified"], "extension": extension}
    return {name: value for name, value in fields.items() if value != ""}


def path_key(path):
    """What the index holds for a path: the path itself, or a shorter text if it is too long for a keyword."""
    units = path.encode("utf-16-le")
    if len(units) <= 2 * 8191:
        return path
    folder = path.rpartition("/")[0]
    kept = folder.encode("utf-16-le")[:2 * 8000].decode("utf-16-le", "ignore")
    digests = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in (folder, path)]
    return f"{kept}//{digests[0]}/{digests[1]}"


def _received(item, link):
    return {**_common(item), **_of_a_file(item), "received": True, "url": link, "_timestamp": item["server_modified"]}


def _placed(item, home_namespace, web_url):
    steps = item["path_lower"].split("/")
    shared = item["shared_folder_id"] or item["parent_shared_folder_id"]
    document = {**_common(item), "file_path": item["path_display"], "path_lower": path_key(item["path_lower"]),
                "ancestors": [path_key("/".join(steps[:end])) for end in range(2, len(steps))],
                "namespace_id": shared or home_namespace}
    if shared:
        document["shared_folder_id"] = shared
    folder, _, name = item["path_display"].rpartition("/")
    if item["type"] == "folder":
        page = urllib.parse.quote(item["path_display"])
        return {**document, "size": 0, "url": f"{web_url}/home{page}"}
    page = f"{urllib.parse.quote(folder)}?preview={urllib.parse.quote(name, safe='')}"
    document |= {**_of_a_file(item), "url": f"{web_url}/home{page}"}
    if item["content_hash"]:
        document["content_hash"] = item["content_hash"]
    # What Dropbox calls the server's time of a Paper document lags behind its edits.
    document["_timestamp"] = item["client_modified" if item["name"].endswith(".paper") else "server_modified"]
    return document


def _field_problems(wanted, found, known_time):
    rest = dict(found)
    yield from _form_problems(wanted, rest, known_time)
    for field in sorted(wanted.keys() | rest.keys()):
        if wanted.get(field) != rest.get(field):
            yield f"{field} is {rest.get(field)!r} instead of {wanted.get(field)!r}"


def _form_problems(wanted, rest, known_time):
    """Takes the fields out of `rest` whose exact value only the run knows."""
    fingerprint, sequence, version = (rest.pop(field, None) for field in OF_THE_RUN)
    if not isinstance(fingerprint, str) or not FINGERPRINT.fullmatch(fingerprint):
        yield f"sync_fingerprint is {fingerprint!r}"
    if type(sequence) is not int or sequence <= 0:
        yield f"sync_seq is {sequence!r}"
    if type(version) is not int or version <= 0:
        yield f"sync_version is {version!r}"
    if wanted["type"] == "Folder":
        time = rest.pop("_timestamp", None)
        if not isinstance(time, str) or not UTC_TIME.fullmatch(time):
            yield f"_timestamp is {time!r}"
        elif known_time not in (None, time):
            yield f"_timestamp of the folder went from {known_time} to {time}"
    else:
        media_type, extension = rest.pop("mime_type", None), wanted.get("extension")
        if extension in MEDIA_TYPES and media_type != MEDIA_TYPES[extension]:
            yield f"mime_type is {media_type!r} instead of {MEDIA_TYPES[extension]!r}"
        if media_type == "" or (extension is None and media_type is not None):
            yield f"mime_type is {media_type!r}"
