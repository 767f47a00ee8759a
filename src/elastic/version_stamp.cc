// SPDX-License-Identifier: Apache-2.0
#include "elastic/version_stamp.h"

#include "base/hash.h"

namespace dbxes::elastic {
namespace {

// Exact in programs that read numbers as doubles, and never negative.
constexpr std::uint64_t kSaltBits = (std::uint64_t{1} << 53) - 1;

}  // namespace

VersionStamps::VersionStamps(std::string_view index_uuid)
    : salt_(index_uuid.empty() ? 0 : static_cast<std::int64_t>(Hash64(index_uuid) & kSaltBits)) {}

}  // namespace dbxes::elastic
