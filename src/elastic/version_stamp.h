// SPDX-License-Identifier: Apache-2.0
// Shows which documents somebody else has changed since dbx-es wrote them. Each write of any
// program raises a document's `_version` by one (Elasticsearch: Index API, versioning). A write of
// dbx-es is made on condition of the version that it read, so it knows the one that it makes, and
// notes it in the document as `sync_version`. Where the two do not agree, nothing in the document
// may be trusted, its fingerprints included. No I/O.
#pragma once

#include <cstdint>
#include <string_view>

namespace dbxes::elastic {

// The `_version` of a document that dbx-es creates (ndjson_encoder.h). Where it was deleted a short
// time ago, it is another one, which no stamp can know.
inline constexpr std::uint64_t kCreatedVersion = 1;

// Of one index: a document that was copied into another one, where versions count anew, is not as
// dbx-es left it.
class VersionStamps {
 public:
  // Of an index that names no UUID, and of a file.
  VersionStamps() = default;
  explicit VersionStamps(std::string_view index_uuid);

  // The `sync_version` of a document that a write of ours gave this `_version`.
  std::int64_t Of(std::uint64_t version) const {
    return static_cast<std::int64_t>(version) ^ salt_;
  }

 private:
  std::int64_t salt_ = 0;
};

}  // namespace dbxes::elastic
