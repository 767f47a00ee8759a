// SPDX-License-Identifier: Apache-2.0
#include "delta/one_entry.h"

#include <string_view>
#include <utility>

#include "dropbox/files.h"

namespace dbxes::delta {
namespace {

// The pattern of files/get_metadata's argument `path`. A document of another program in the index
// may have any id.
bool IsReference(std::string_view path_or_id) {
  return path_or_id.empty() || path_or_id.starts_with("/") || path_or_id.starts_with("id:") ||
         path_or_id.starts_with("ns:");
}

}  // namespace

OneEntry AskEntry(dropbox::Client& client, const std::string& path_or_id, int max_retries) {
  OneEntry asked;
  if (!IsReference(path_or_id)) {
    asked.answer.Fulfil(Fail(ErrorKind::kNotFound, "not an id of Dropbox: " + path_or_id));
    return asked;
  }
  auto accept = [parsed = asked.parsed](HttpResponse& response) -> Result<void> {
    std::swap(parsed->text, response.body);
    TRY_ASSIGN(parsed->entry, ParseEntry(parsed->text));
    FixOddValues(parsed->entry);
    return {};
  };
  asked.answer = dropbox::GetMetadata(client, path_or_id, std::move(accept), max_retries);
  return asked;
}

}  // namespace dbxes::delta
