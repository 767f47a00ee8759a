// SPDX-License-Identifier: Apache-2.0
#include "delta/one_entry.h"

#include <utility>

#include "dropbox/files.h"

namespace dbxes::delta {

OneEntry AskEntry(dropbox::Client& client, const std::string& path_or_id) {
  OneEntry asked;
  auto accept = [parsed = asked.parsed](HttpResponse& response) -> Result<void> {
    std::swap(parsed->text, response.body);
    TRY_ASSIGN(parsed->entry, ParseEntry(parsed->text));
    return {};
  };
  asked.answer = dropbox::GetMetadata(client, path_or_id, std::move(accept));
  return asked;
}

}  // namespace dbxes::delta
