// SPDX-License-Identifier: Apache-2.0
// Who may change what a path leads to.
#pragma once

#include <string>

namespace dbxes {

// Why another user than root and this one may change the content of `path`, and the command that
// ends it: "WHAT; run: COMMAND"; "" if nobody can. Each
// folder and symbolic link on the way counts, since who can exchange one of them chooses the file.
// Folders with the sticky bit are fine: others cannot exchange our names in them. So are private
// groups (a group with the user's name and no other members) and file systems that are read-only.
// What is written to a device does not change what it shows: its mode does not count.
// A pipe or file that the caller passed as a descriptor (/dev/stdin, /dev/fd/N) was the caller's
// choice: only its own mode counts. "" as well if the path cannot be examined: it cannot be read
// then, either.
std::string ChangeableBecause(const std::string& path);
// The same, but members of a group that may write count as trusted: volumes of Kubernetes belong to
// a group.
std::string ChangeableByAnybodyBecause(const std::string& path);
// The same of a folder whose files count by their names, of any owner: the sticky bit of the
// folder itself does not help, since others can make files that are not there yet.
std::string FillableByAnybodyBecause(const std::string& folder);

}  // namespace dbxes
