// SPDX-License-Identifier: Apache-2.0
// What a status and an error type of Elasticsearch or OpenSearch mean: the one place that knows
// them. (Elasticsearch: REST API conventions; Bulk API, response body.) No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace dbxes::elastic {

// The kind of error that an answer is. kTemporary: 408, 421, 425, 429, 5xx, a block that passes by
// itself, a conflict with another writer. kAuth: 401. kPermission: 403. kNotFound: 404. kConfig:
// everything else, such as a closed index or a block that a person has set.
ErrorKind KindOf(int status, std::string_view type, std::string_view reason = {});
// The status of an error that an answer of 200 reports for one document by its type alone.
int StatusOf(std::string_view type);

// The cluster, or this one document, is refused for overload (429).
bool IsOverload(int status);
// The request is too large for the cluster or a proxy (413).
bool IsTooLarge(int status);
// The request is malformed as a whole (400): one of its documents spoils it.
bool IsMalformed(int status);
// No answer, or one such as 502 and 503 that passes with time. If it does not pass, and a small
// request gets through, the size of this one is why.
bool MayBeForSize(const Error& error);
// The answer is a page of a proxy or a firewall that refused this request (4xx), perhaps for what
// one of its documents contains.
bool IsRefusedByProxy(const Error& error);
// A temporary error that passes with the overload or the restart behind it. Other errors of a
// server, such as 500, are more often a defect, so few retries are enough.
bool PassesWithTime(int status);

// What the error of one item of a bulk answer means.
enum class ItemError {
  kRetry,     // refused for now: overload, a full disk
  kConflict,  // the document is not as the action expects it: it has to be decided on again
  kRejected,  // this document is rejected: another try would not help
  kFatal,     // not the document's fault: no privilege, no index, a closed one; the run must stop
};
ItemError MeaningOfItem(int status, std::string_view type, std::string_view reason);

bool IsMissingIndex(const Error& error);
// The document is not as the request expects it.
bool IsVersionConflict(const Error& error);
// The document that the request would update is gone (Update API).
bool IsMissingDocument(const Error& error);
// Another client has created the index in the meantime.
bool IsExistingIndex(const Error& error);
// Serverless Elasticsearch decides shards and replicas itself and rejects settings for them. The
// error has no type of its own.
bool RejectsIndexSettings(const Error& error);

// Elasticsearch or OpenSearch says itself that it makes no API keys: they are turned off
// (xpack.security.authc.api_key.enabled), or it has no such route, like OpenSearch and an
// Elasticsearch without security. Other servers and proxies answer differently.
bool LacksApiKeys(const Error& error);

// The limit that a search has exceeded with the size of its pages (index.max_result_window);
// nothing if that is not what the error is about.
std::optional<std::uint64_t> ExceededResultWindow(const Error& error);

// The tag of an error that is a proxy's page, from ReadElasticError.
inline constexpr std::string_view kProxyTag = "proxy_page";
// The tag of an error about how the index maps a field, from JudgeMapping.
inline constexpr std::string_view kMappingTag = "unusable_mapping";
bool IsUnusableMapping(const Error& error);

}  // namespace dbxes::elastic
