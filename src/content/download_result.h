// SPDX-License-Identifier: Apache-2.0
// What Dropbox says of a file as it sends its bytes: the header Dropbox-API-Result (Dropbox HTTP
// API: files/download, files/export, sharing/get_shared_link_file).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dbxes::content {

struct DownloadResult {
  bool known = false;  // what follows was said
  std::uint64_t size = 0;
  std::string hash;  // of the bytes; "" if there is none
  std::string rev;
  std::string content_hash;  // of the file; of an export not that of the bytes
};

// `exported`: the bytes are an export of the file. Not known where the header is missing, is no
// JSON, or has no size.
DownloadResult ReadDownloadResult(std::string_view header, bool exported);

}  // namespace dbxes::content
