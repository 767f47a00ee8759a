// SPDX-License-Identifier: Apache-2.0
// What one file or folder is now: files/get_metadata as a page of a single entry.
#pragma once

#include <memory>
#include <string>

#include "delta/page_parser.h"
#include "dropbox/client.h"

namespace dbxes::delta {

// One entry with the page that owns its text. The entry is there once the answer is; what is not
// mounted has one without a path.
struct OneEntry {
  std::shared_ptr<Page> page = std::make_shared<Page>();
  Pending<HttpResponse> answer;
  const Entry& entry() const { return page->entries.front(); }
};

// kNotFound when there is no such file or folder.
OneEntry AskEntry(dropbox::Client& client, const std::string& path_or_id);

}  // namespace dbxes::delta
