// SPDX-License-Identifier: Apache-2.0
// The command ls: what the index has of a folder, and the document at a path.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json/json.h"
#include "base/result.h"
#include "elastic/client.h"
#include "find/found_document.h"

namespace dbxes::find {

struct PathMatch {
  FoundDocument document;
  std::string key;  // path_lower, as the index has it
};
// The document at a path in Dropbox, which begins with a slash; upper and lower case do not matter.
// Nothing if the index has none. kNotFound: there is no such index.
Result<std::optional<PathMatch>> DocumentAt(elastic::Client& client, const std::string& index,
                                            const std::string& path);

struct FolderQuestion {
  std::string path = "/";  // "/" for the whole index
  bool recursive = false;
};

// Calls `visit` for each document directly in the folder, or with `recursive` below it, in the
// order of their paths; of a file, for the file itself. False ends the listing. Pages are read one
// after the other: memory does not grow with the folder, and a document that moves meanwhile may
// come twice or not at all. Files received one by one are in no folder.
// kNotFound: there is no such index, or it has neither a document at the path nor below it.
Result<void> ListFolder(elastic::Client& client, const std::string& index,
                        const FolderQuestion& question,
                        const std::function<bool(const FoundDocument&)>& visit);

// "Report.docx", or "Reports/" for a folder; the whole path with `whole_path`. `details`: with
// size, time and id before it.
struct LineStyle {
  bool details = false;
  bool whole_path = false;
};
std::string ListingLine(const FoundDocument& document, LineStyle style);

}  // namespace dbxes::find
