// SPDX-License-Identifier: Apache-2.0
// Answers of Elasticsearch: bulk, multi-get, search, errors.
#include <array>
#include <string>
#include <vector>

#include "elastic/bulk_response.h"
#include "elastic/error_reader.h"
#include "elastic/multi_get.h"
#include "elastic/search.h"
#include "fuzz/fuzz_target.h"

namespace dbxes::fuzz {
namespace {

constexpr unsigned kMostItems = 16;

// The first byte is the number of actions that were sent.
void ReadBulk(std::string_view bytes) {
  constexpr std::array kKinds{elastic::BulkAction::kCreate, elastic::BulkAction::kIndex,
                              elastic::BulkAction::kUpdate, elastic::BulkAction::kDelete};
  std::vector<elastic::BulkAction::Kind> kinds(TakeByte(bytes) % kMostItems);
  for (std::size_t i = 0; i < kinds.size(); ++i) kinds[i] = kKinds[i % kKinds.size()];
  std::vector<elastic::BulkOutcome> outcomes;
  if (!elastic::ReadBulkResponse(std::string(bytes), kinds, outcomes)) return;
  Require(outcomes.size() == kinds.size(), "one outcome for each action");
}

// The first byte is the number of ids that were asked for.
void ReadMany(std::string_view bytes) {
  const std::size_t expected = TakeByte(bytes) % kMostItems;
  const auto stored = elastic::ReadMultiGet(std::string(bytes), expected);
  if (!stored) return;
  Require(stored->size() == expected, "one document for each id");
  for (std::size_t i = 0; i < expected; ++i) {
    Touch((*stored)[i].fingerprint);
    Touch((*stored)[i].path_lower);
    Touch((*stored)[i].permissions_fingerprint);
  }
}

void ReadHits(std::string_view bytes) {
  const std::string_view id_values = TakeByte(bytes) % 2 == 0 ? "" : "id";
  const auto page = elastic::ReadHitPage(std::string(bytes), id_values);
  if (!page) return;
  for (const elastic::Hit& hit : page->hits) {
    Touch(hit.id);
    Touch(hit.path_lower);
    for (const std::string_view folder : hit.ancestors) Touch(folder);
  }
}

void ReadError(std::string_view bytes) {
  constexpr std::array kStatuses{400, 401, 403, 404, 409, 413, 429, 500, 503};
  constexpr std::size_t kMostLine = 1024;
  const int status = kStatuses[TakeByte(bytes) % kStatuses.size()];
  const Error error = elastic::ReadElasticError(status, bytes);
  Require(!error.message.empty(), "an error has a message");
  Require(elastic::OneLine(bytes).size() < kMostLine, "a line of a report is short");
}

const Registration bulk("bulk_answer", ReadBulk);
const Registration multi_get("multi_get_answer", ReadMany);
const Registration search("search_answer", ReadHits);
const Registration error("elastic_error", ReadError);

}  // namespace
}  // namespace dbxes::fuzz
