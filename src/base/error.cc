// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace dbxes {
namespace {

constexpr std::array<std::pair<ErrorKind, std::string_view>, 19> kNames{{
    {ErrorKind::kUsage, "usage"},
    {ErrorKind::kConfig, "config"},
    {ErrorKind::kAuth, "auth"},
    {ErrorKind::kPermission, "permission"},
    {ErrorKind::kNotFound, "not_found"},
    {ErrorKind::kRateLimited, "rate_limited"},
    {ErrorKind::kTemporary, "temporary"},
    {ErrorKind::kCursorReset, "cursor_reset"},
    {ErrorKind::kRootChanged, "root_changed"},
    {ErrorKind::kIndexReplaced, "index_replaced"},
    {ErrorKind::kRejectedDocument, "rejected_document"},
    {ErrorKind::kDocumentsFailed, "documents_failed"},
    {ErrorKind::kFullSyncNeeded, "full_sync_needed"},
    {ErrorKind::kSafetyStop, "safety_stop"},
    {ErrorKind::kLocked, "locked"},
    {ErrorKind::kKeptElsewhere, "kept_elsewhere"},
    {ErrorKind::kInterrupted, "interrupted"},
    {ErrorKind::kCanceled, "canceled"},
    {ErrorKind::kInternal, "internal"},
}};
static_assert(kNames.size() == static_cast<size_t>(ErrorKind::kInternal) + 1);

}  // namespace

std::string_view ToString(ErrorKind kind) {
  for (const auto& [candidate, name] : kNames) {
    if (candidate == kind) return name;
  }
  return "internal";
}

std::string Error::ToLine() const {
  if (request_id.empty()) return message;
  return fmt::format("{} (Dropbox request {})", message, request_id);
}

Error WithContext(Error error, std::string_view context) {
  error.message = fmt::format("{}: {}", context, error.message);
  return error;
}

}  // namespace dbxes
