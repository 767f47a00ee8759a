// SPDX-License-Identifier: Apache-2.0
// One file or folder as it is now (Dropbox HTTP API: files/get_metadata).
#pragma once

#include <memory>
#include <string>

#include "delta/page_parser.h"
#include "dropbox/client.h"

namespace dbxes::delta {

// One entry with the text that owns its strings.
struct OneEntry {
  struct Parsed {
    std::string text;
    Entry entry;
  };
  std::shared_ptr<Parsed> parsed = std::make_shared<Parsed>();
  Pending<HttpResponse> answer;
  // Valid once `answer` has succeeded. An item that is not mounted has no path_lower.
  const Entry& entry() const { return parsed->entry; }
};

// The answer is kNotFound when there is no such file or folder; without a request where it is not
// an id of Dropbox at all. `max_retries`: as for GetMetadata.
OneEntry AskEntry(dropbox::Client& client, const std::string& path_or_id, int max_retries = -1);

}  // namespace dbxes::delta
