// SPDX-License-Identifier: Apache-2.0
// The routes files/list_folder and files/get_metadata of the Dropbox HTTP API. Following a change
// feed is left to src/delta.
#pragma once

#include <functional>
#include <string>

#include "dropbox/client.h"

namespace dbxes::dropbox {

// Sees each answer before it counts: kTemporary asks for another one, other errors are final.
using Accept = std::function<Result<void>(HttpResponse&)>;

// For a folder of the settings that Dropbox does not have, or that is a file there: the message
// says that nothing was deleted.
Error NoSuchFolder(const std::string& path, bool absent);

// files/list_folder, recursive. `buffer` is reused for the answer. A `path` that does not exist is
// kNotFound; one that is a file is kConfig.
Pending<HttpResponse> ListFolder(Client& client, const std::string& path, std::string buffer,
                                 Accept accept);
// files/list_folder/continue. A cursor that Dropbox cannot continue from is kCursorReset.
Pending<HttpResponse> ListFolderContinue(Client& client, const std::string& cursor,
                                         std::string buffer, Accept accept);
// files/list_folder of one level, and /continue (`cursor` not empty). A `path` that does not exist
// is kNotFound; other endpoint errors are kTemporary, as the folder may be changing.
Pending<ChildPage> ListChildren(Client& client, const std::string& path, const std::string& cursor);
// files/get_metadata of a path or an id. What does not exist is kNotFound. `max_retries`: as
// SendOptions::max_retries; Client::few_retries() where one item must not hold up the run.
Pending<HttpResponse> GetMetadata(Client& client, const std::string& path_or_id, Accept accept,
                                  int max_retries = -1);
// files/get_metadata of a path or an id, for its position alone. What does not exist is kNotFound.
Pending<Place> GetPlace(Client& client, const std::string& path_or_id, int max_retries = -1);

// Whether the answer of GetPlace means that the item is not in the account's tree.
inline bool IsNowhere(const Result<Place>& place) {
  return place ? place->path_lower.empty() : place.error().kind == ErrorKind::kNotFound;
}

}  // namespace dbxes::dropbox
