// SPDX-License-Identifier: Apache-2.0
#include "elastic/meaning.h"

#include <string>

namespace dbxes::elastic {
namespace {

constexpr std::string_view kNoSuchIndex = "index_not_found_exception";
constexpr std::string_view kNoPrivilege = "security_exception";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

constexpr std::string_view kBlock = "cluster_block_exception";

// The second is the answer to an update of a document that is gone (Update API).
bool IsConflict(std::string_view type) {
  return type == "version_conflict_engine_exception" || type == "document_missing_exception";
}

bool ConcernsEveryDocument(std::string_view type, std::string_view reason) {
  if (type == kNoPrivilege || type == kNoSuchIndex || type == "index_closed_exception") return true;
  return type == "illegal_argument_exception" && (StartsWith(reason, "pipeline with id") ||
                                                  StartsWith(reason, "no write index is defined"));
}

}  // namespace

ErrorKind KindOf(int status, std::string_view type) {
  const bool temporary = status == 408 || IsOverload(status) || status >= 500;
  if (temporary || type == kBlock || IsConflict(type)) return ErrorKind::kTemporary;
  if (status == 401) return ErrorKind::kAuth;
  if (status == 403) return ErrorKind::kPermission;
  if (status == 404) return ErrorKind::kNotFound;
  return ErrorKind::kConfig;
}

int StatusOf(std::string_view type) {
  if (type == kNoSuchIndex) return 404;
  return type == kNoPrivilege ? 403 : 503;
}

bool IsOverload(int status) { return status == 429; }
bool IsTooLarge(int status) { return status == 413; }
bool IsMalformed(int status) { return status == 400; }
bool PassesWithTime(int status) { return status < 500 || (status >= 502 && status <= 504); }

ItemError MeaningOfItem(int status, std::string_view type, std::string_view reason) {
  if (IsConflict(type)) return ItemError::kConflict;
  if (type == kBlock) return ItemError::kRetry;
  if (ConcernsEveryDocument(type, reason)) return ItemError::kFatal;
  if (IsOverload(status) || (status >= 502 && status <= 504)) return ItemError::kRetry;
  return status == 401 || status == 403 ? ItemError::kFatal : ItemError::kRejected;
}

bool IsMissingIndex(const Error& error) { return error.tag == kNoSuchIndex; }

bool IsExistingIndex(const Error& error) {
  return error.tag == "resource_already_exists_exception";
}

bool RejectsIndexSettings(const Error& error) {
  return error.message.find("serverless") != std::string::npos;
}

bool IsUnusableMapping(const Error& error) { return error.tag == kMappingTag; }

}  // namespace dbxes::elastic
