# SPDX-License-Identifier: Apache-2.0
"""The case about permissions: their cost follows the shared folders, not the files."""

from cases import expect
from figures import Figure

MEMBERS = 20
ONE_IN = 100  # files that were shared by themselves
REQUESTS_BESIDES = 1.25  # times the shared folders: pages of members, links, requests once a run
CPU_BESIDES = 1.5


def permissions(rig, size):
    """A first full sync without permissions and with them."""
    with rig.dropbox("--tree", str(size.shared_tree)) as dropbox, rig.sink() as sink:
        files = _share(dropbox, size.shared_folders)
        costs, requests = {False: [], True: []}, []
        for run in range(size.runs):
            for secured in costs:
                target = rig.target(dropbox, sink.url, f"permissions-{int(secured)}-{run}", compression="off",
                                    dropbox_settings={"use_document_level_security": secured})
                before = _sharing_requests(dropbox)
                costs[secured].append(target.run("full-sync"))
                if secured:
                    requests.append(_sharing_requests(dropbox) - before)
                else:
                    expect(_sharing_requests(dropbox) == before, "a run without permissions asks for none")
        entries = costs[True][0].summary["documents"]["created"]
        case = f"permissions, {entries:,} entries"
        yield Figure(case, f"requests about {size.shared_folders} shared folders", "requests", requests,
                     size.shared_folders * REQUESTS_BESIDES, "less", exact=True,
                     note=f"besides a batch for each page of the listing that has some of the {files:,} files that were "
                          "shared by themselves")
        yield Figure(case, "own CPU beside that of a run without them", "ratio",
                     [secured.cpu_s / plain.cpu_s for plain, secured in zip(costs[False], costs[True])], CPU_BESIDES, "less")


def _share(dropbox, count):
    """Shares `count` folders and one in a hundred files; returns the number of these files."""
    items = dropbox.ask("snapshot")
    folders = [item["path_display"] for item in items if item["type"] == "folder"]
    parents = {folder.rpartition("/")[0] for folder in folders}
    leaves = [folder for folder in folders if folder not in parents]
    expect(len(leaves) >= count, f"{len(leaves)} folders without folders for {count} to share")
    owner = {"kind": "user", "id": dropbox.ask("people")["accounts"][0]["account_id"], "access": "owner"}
    for number, path in enumerate(leaves[:: len(leaves) // count][:count]):
        folder = dropbox.change("share_folder", path=path)
        guests = [{"kind": "invitee", "id": f"guest{number}.{guest}@example.org", "access": "viewer"} for guest in range(MEMBERS)]
        dropbox.change("set_members", shared_folder_id=folder, members=[owner, *guests])
    files = [item["id"] for item in items if item["type"] == "file" and not item["received"]][::ONE_IN]
    for file in files:
        dropbox.change("set_explicit_members", file=file,
                       members=[{"kind": "invitee", "id": "guest@example.org", "access": "viewer"}])
    return len(files)


def _sharing_requests(dropbox):
    """Without those about files, which are sent in batches, and those about received files."""
    return sum(count for route, count in dropbox.counters().items() if route.startswith("sharing/")
               and "list_file_members" not in route and "received" not in route)
