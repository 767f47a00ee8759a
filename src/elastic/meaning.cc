// SPDX-License-Identifier: Apache-2.0
#include "elastic/meaning.h"

#include <charconv>
#include <string>

#include "elastic/index_block.h"

namespace dbxes::elastic {
namespace {

constexpr std::string_view kVersionConflict = "version_conflict_engine_exception";
constexpr std::string_view kDocumentMissing = "document_missing_exception";
constexpr std::string_view kNoSuchIndex = "index_not_found_exception";
constexpr std::string_view kNoPrivilege = "security_exception";
constexpr std::string_view kClosed = "index_closed_exception";
constexpr std::string_view kBlocked = "cluster_block_exception";
constexpr std::string_view kNoRouting = "routing_missing_exception";
constexpr std::string_view kBadArgument = "illegal_argument_exception";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// The second is the answer to an update of a document that is gone (Update API).
bool IsConflict(std::string_view type) {
  return type == kVersionConflict || type == kDocumentMissing;
}

bool IsPassingBlock(std::string_view type, std::string_view reason) {
  return type == kBlocked && PassesByItself(BlockIn(reason));
}

// Somebody has to change the index or the alias: waiting does not help.
bool NeedsPerson(std::string_view type, std::string_view reason) {
  return type == kClosed || type == kNoRouting ||
         (type == kBlocked && !IsPassingBlock(type, reason));
}

bool ConcernsEveryDocument(std::string_view type, std::string_view reason) {
  if (type == kNoPrivilege || type == kNoSuchIndex || NeedsPerson(type, reason)) return true;
  return type == kBadArgument &&
         (StartsWith(reason, "pipeline with id") ||
          StartsWith(reason, "no write index is defined") || StartsWith(reason, "alias ["));
}

// A request that took too long to arrive, that reached another server than it was meant for, or
// that came too early (RFC 9110, section 15.5; RFC 8470).
bool MissedItsServer(int status) { return status == 408 || status == 421 || status == 425; }

}  // namespace

ErrorKind KindOf(int status, std::string_view type, std::string_view reason) {
  if (NeedsPerson(type, reason)) return ErrorKind::kConfig;
  const bool temporary = MissedItsServer(status) || IsOverload(status) || status >= 500;
  if (temporary || IsPassingBlock(type, reason) || IsConflict(type)) return ErrorKind::kTemporary;
  if (status == 401) return ErrorKind::kAuth;
  if (status == 403) return ErrorKind::kPermission;
  if (status == 404) return ErrorKind::kNotFound;
  return ErrorKind::kConfig;
}

int StatusOf(std::string_view type) {
  if (type == kNoSuchIndex) return 404;
  if (type == kNoPrivilege || type == kBlocked) return 403;
  if (type == kClosed || type == kNoRouting || type == kBadArgument) return 400;
  return type == "circuit_breaking_exception" ? 429 : 503;
}

bool IsOverload(int status) { return status == 429; }
bool IsTooLarge(int status) { return status == 413; }
bool IsMalformed(int status) { return status == 400; }

bool MayBeForSize(const Error& error) {
  const int status = error.http_status;
  return error.kind == ErrorKind::kTemporary && !IsOverload(status) && PassesWithTime(status);
}

bool IsRefusedByProxy(const Error& error) {
  if (error.tag != kProxyTag) return false;
  switch (error.http_status) {
    // Credentials, addresses, proxies, time, size and overload: not what a document contains.
    case 401:
    case 404:
    case 407:
    case 408:
    case 413:
    case 421:
    case 425:
    case 429:
      return false;
    default:
      return error.http_status >= 400 && error.http_status < 500;
  }
}

bool PassesWithTime(int status) { return status < 500 || (status >= 502 && status <= 504); }

ItemError MeaningOfItem(int status, std::string_view type, std::string_view reason) {
  if (IsConflict(type)) return ItemError::kConflict;
  if (IsPassingBlock(type, reason)) return ItemError::kRetry;
  if (ConcernsEveryDocument(type, reason)) return ItemError::kFatal;
  if (IsOverload(status) || (status >= 502 && status <= 504)) return ItemError::kRetry;
  return status == 401 || status == 403 ? ItemError::kFatal : ItemError::kRejected;
}

bool IsVersionConflict(const Error& error) { return error.tag == kVersionConflict; }

bool IsMissingDocument(const Error& error) { return error.tag == kDocumentMissing; }

bool IsMissingIndex(const Error& error) { return error.tag == kNoSuchIndex; }

bool IsExistingIndex(const Error& error) {
  return error.tag == "resource_already_exists_exception";
}

bool RejectsIndexSettings(const Error& error) {
  return error.message.find("serverless") != std::string::npos;
}

bool LacksApiKeys(const Error& error) {
  if (error.tag == "feature_not_enabled_exception") return true;
  return error.http_status == 400 &&
         error.message.find("no handler found for uri [") != std::string::npos;
}

std::optional<std::uint64_t> ExceededResultWindow(const Error& error) {
  const std::string_view message = error.message;
  if (message.find("[index.max_result_window]") == std::string_view::npos) return std::nullopt;
  // "... must be less than or equal to: [100] but was [5000]."
  constexpr std::string_view kBefore = "less than or equal to: [";
  const std::size_t at = message.find(kBefore);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t limit = 0;
  const char* begin = message.data() + at + kBefore.size();
  const auto [end, problem] = std::from_chars(begin, message.data() + message.size(), limit);
  if (problem != std::errc() || limit == 0) return std::nullopt;
  return limit;
}

bool IsUnusableMapping(const Error& error) { return error.tag == kMappingTag; }

}  // namespace dbxes::elastic
