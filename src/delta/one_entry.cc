// SPDX-License-Identifier: Apache-2.0
#include "delta/one_entry.h"

#include <utility>

namespace dbxes::delta {

OneEntry AskEntry(dropbox::Client& client, const std::string& path_or_id) {
  OneEntry found;
  found.answer =
      client.GetMetadata(path_or_id, [page = found.page](HttpResponse& response) -> Result<void> {
        std::swap(page->text, response.body);
        auto parsed = ParsePage(*page);
        // What is not mounted has no path, which is an answer here, though not in a listing.
        const bool unmounted = !parsed && parsed.error().kind == ErrorKind::kInternal &&
                               page->entries.size() == 1 &&
                               page->entries.front().path_lower.empty();
        return unmounted ? Result<void>() : parsed;
      });
  return found;
}

}  // namespace dbxes::delta
