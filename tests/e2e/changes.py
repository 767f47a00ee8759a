# SPDX-License-Identifier: Apache-2.0
"""Random changes of all kinds that people make in a Dropbox, made through the simulator's control interface."""

import contextlib

import oracle
import simulator

FOLDERS = ("a", "ab", "b b", "Ärger", "x", "Foo", "foo bar", "日本", "100% done?", "O'Neill & Söhne")
FILES = ("one.txt", "TWO.PDF", 'naïve "q".md', "a", "x", "foo.docx", "😀.csv", ".hidden", "tail.", "back\\slash.jpg",
         "no-such-type.qqq", "semi;colon#hash.html")
# How much more often one kind is drawn than another.
WEIGHTS = {"add": 8, "overwrite": 3, "touch": 2, "move_file": 3, "copy": 2, "delete_file": 3, "recreate_file": 2,
           "paper": 2, "add_folder": 2, "move_folder": 4, "delete_folder": 1, "recreate_folder": 1,
           "file_for_folder": 1, "delete_unseen": 1, "share": 2, "unmount": 1, "mount": 2, "receive": 2, "revoke": 1,
           "mount_received": 1}


class RandomChanges:
    """Draws from `random`; remembers in `made` what it did, to explain a failure."""

    def __init__(self, dropbox, random):
        self._dropbox = dropbox
        self._random = random
        self._count = 0
        self._unmounted = []
        self._received = []
        self.made = []
        # Ids of folders that went and came back: whether a sync saw them gone is a matter of moments.
        self.returned = set()

    @contextlib.contextmanager
    def round(self, count):
        """Makes changes; a failure inside the block shows them."""
        self.made.clear()
        self.change(count)
        try:
            yield
        except AssertionError as failure:
            failure.add_note("after these changes: " + "; ".join(map(str, self.made)))
            raise

    def change(self, count=1):
        for _ in range(count):
            style = {"deleted_last": self._random.random() < 0.5, "new_rev_on_move": self._random.random() < 0.5,
                     "children": self._random.choice(("none", "some", "all"))}
            self._dropbox.change("event_style", **style)
            while not self._try():
                pass

    def _try(self):
        """One change, or False where the one drawn does not fit the tree as it is."""
        self._count += 1
        name = self._random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        try:
            return getattr(self, f"_{name}")() is not False
        except simulator.Refused:
            return False

    def _do(self, name, /, **arguments):
        made = self._dropbox.change(name, **arguments)
        self.made.append((name, arguments))
        return made

    def _items(self, kind):
        return [item for item in self._dropbox.ask("snapshot") if item["type"] == kind and not item["received"]]

    def _pick(self, kind):
        """A random file or folder. Refused when there is none, like any change that does not fit."""
        items = self._items(kind)
        if not items:
            raise simulator.Refused(f"no {kind}")
        return self._random.choice(items)

    def _path(self, kind):
        return self._pick(kind)["path_display"]

    def _new_path(self):
        folders = self._random.choices(FOLDERS, k=self._random.randrange(4))
        return "/" + "/".join([*folders, self._random.choice(FILES)])

    def _text(self):
        return f"content {self._count}"

    def _add(self):
        self._do("add_file", path=self._new_path(), text=self._text())

    def _overwrite(self):
        self._do("overwrite", path=self._path("file"), text=self._text())

    def _touch(self):
        self._do("touch", path=self._path("file"))

    def _move_file(self):
        self._do("move", **{"from": self._path("file"), "to": self._new_path()})

    def _copy(self):
        self._do("copy", **{"from": self._path("file"), "to": self._new_path()})

    def _delete_file(self):
        self._do("delete", path=self._path("file"))

    def _recreate_file(self):
        path = self._path("file")
        self._do("delete", path=path)
        self._do("add_file", path=path, text=self._text())

    def _paper(self):
        self._do("add_paper", path=f"{self._new_path()}.paper", markdown=f"# {self._count}")

    def _add_folder(self):
        self._do("add_folder", path=f"{self._new_path()} folder")

    def _move_folder(self):
        self._do("move", **{"from": self._path("folder"), "to": f"{self._new_path()} moved"})

    def _delete_folder(self):
        self._do("delete", path=self._path("folder"))

    def _recreate_folder(self):
        path = self._path("folder")
        self._do("delete", path=path)
        self._do("add_file", path=f"{path}/fewer.txt", text=self._text())

    def _file_for_folder(self):
        self._do("replace_folder_by_file", path=self._path("folder"), text="was a folder")

    def _delete_unseen(self):
        self._do("delete_unseen", path=f"{self._path('folder')}/never was")

    def _share(self):
        folder = self._pick("folder")
        if folder["shared_folder_id"]:
            return False
        self._do("share_folder", path=folder["path_display"])

    def _unmount(self):
        mounts = [item for item in self._items("folder") if item["shared_folder_id"]]
        if not mounts:
            return False
        mount = self._random.choice(mounts)
        self._do("unmount", path=mount["path_display"])
        self._unmounted.append(mount["shared_folder_id"])

    def _mount(self):
        if not self._unmounted:
            return False
        place = f"/mounted {self._count}"
        self._do("mount", shared_folder_id=self._unmounted[-1], path=place)
        self._unmounted.pop()
        self.returned |= {item["id"] for item in self._items("folder") if oracle.lies_in(item["path_lower"], place)}

    def _receive(self):
        self._received.append(self._do("add_received_file", name=f"r{self._count}.docx", text=self._text()))

    def _revoke(self):
        if not self._received:
            return False
        self._do("revoke_received_file", id=self._received.pop())

    def _mount_received(self):
        if not self._received:
            return False
        self._do("mount_received_file", id=self._received[-1], path=f"{self._new_path()} received")
        self._received.pop()
