// SPDX-License-Identifier: Apache-2.0
// One file's bytes, complete and proven: what breaks off is gone on with, what does not agree with
// its size or content hash is fetched again (Dropbox HTTP API: files/download, files/export).
#pragma once

#include <cstdint>
#include <string>

#include "base/http/event_loop.h"
#include "dropbox/client.h"

namespace dbxes::content {

enum class FetchRoute : std::uint8_t { kDownload, kExport, kSharedLink };

struct FetchRequest {
  FetchRoute route = FetchRoute::kDownload;
  std::string reference;        // the id, or the link's URL
  std::string export_format;    // kExport: "" for the file's default
  std::uint64_t max_bytes = 0;  // more than this is kRejectedDocument, tag kTooLongTag
};

// A file that turned out to be longer than it was listed to be, and than may be fetched.
inline constexpr std::string_view kTooLongTag = "too_long";

// The bytes that arrived are not those of the file: no sign of a network in trouble.
inline constexpr std::string_view kDamagedTag = "damaged";

struct FetchedContent {
  std::string bytes;
  // Of the version that was served, which may be newer than the one that was listed. "" if Dropbox
  // did not say.
  std::string rev;
  std::string content_hash;
};

// kNotFound, kRejectedDocument (tag says why) and kTemporary (after the retries of a download)
// concern this file alone. A body that never agrees with its hash is kTemporary, too.
Pending<FetchedContent> FetchContent(dropbox::Client& client, FetchRequest request);

}  // namespace dbxes::content
