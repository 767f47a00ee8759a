// SPDX-License-Identifier: Apache-2.0
// Downloads one file, complete and verified: a broken download continues where it stopped, and a
// file that does not agree with its size or content hash is downloaded again (Dropbox HTTP API:
// files/download, files/export).
#pragma once

#include <cstdint>
#include <optional>
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
  // How many bytes there is room for, 0 for max_bytes: more than this, but not more than max_bytes,
  // is kRejectedDocument with the tag kGrownTag.
  std::uint64_t room = 0;
  // The size and the hash of the listing ("" for none). They prove the bytes where an answer does
  // not say what it is.
  std::optional<std::uint64_t> listed_size = std::nullopt;
  std::string listed_hash = {};
  std::string listed_rev = {};
  // Ends the download at its first bytes if they are of no format that is read: kRejectedDocument
  // with the tag kUnknownTag.
  bool looks = false;
};

// The file is longer than its entry said, and than the limit allows.
inline constexpr std::string_view kTooLongTag = "too_long";

// The file is longer than its entry said. With more room it may be downloaded.
inline constexpr std::string_view kGrownTag = "grown";

// The bytes are neither text nor of a format that is known by its first bytes
// (content/first_bytes.h).
inline constexpr std::string_view kUnknownTag = "unknown";

// The bytes that arrived are not those of the file. It does not mean that the network is down.
inline constexpr std::string_view kDamagedTag = "damaged";

struct FetchedContent {
  std::string bytes;
  // Of the version that was served, which may be newer than the listed one. "" if Dropbox did not
  // report it.
  std::string rev;
  std::string content_hash;
};

// kNotFound, kRejectedDocument (the tag has the reason) and kTemporary (after the retries of a
// download) concern this file alone. A body that never agrees with its hash is kTemporary, too.
Pending<FetchedContent> FetchContent(dropbox::Client& client, FetchRequest request);

}  // namespace dbxes::content
