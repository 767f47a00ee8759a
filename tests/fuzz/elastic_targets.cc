// SPDX-License-Identifier: Apache-2.0
// Answers of Elasticsearch: bulk, multi-get, search, errors, and what it says of an index.
#include <array>
#include <string>
#include <vector>

#include "base/http/event_loop.h"
#include "elastic/bulk_response.h"
#include "elastic/client.h"
#include "elastic/conflict_check.h"
#include "elastic/error_reader.h"
#include "elastic/index_identity.h"
#include "elastic/index_setup.h"
#include "elastic/last_sequence.h"
#include "elastic/license.h"
#include "elastic/mapping_judge.h"
#include "elastic/multi_get.h"
#include "elastic/pipeline_judge.h"
#include "elastic/search.h"
#include "elastic/settings_judge.h"
#include "fuzz/fuzz_target.h"
#include "support/fake_clock.h"
#include "support/fake_network.h"

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

void JudgeIndex(std::string_view bytes) {
  const unsigned choice = TakeByte(bytes);
  const auto json = ParseJson(bytes, "the index");
  if (!json) return;
  static_cast<void>(elastic::JudgeMapping("docs", *json, {choice % 2 == 0, choice / 2 % 2 == 0}));
  elastic::AccessControlIdField(*json);
  static_cast<void>(elastic::JudgeSettings("docs", *json));
  elastic::PipelineSetting(*json, "default_pipeline");
  elastic::JudgePipeline(*json);
}

// Every request gets the same answer; the first byte chooses what is asked.
void AskIndex(std::string_view bytes) {
  constexpr const char* kHost = "http://search.test:9200";
  const unsigned question = TakeByte(bytes) % 7;
  FakeClock clock;
  FakeNetwork network{clock};
  EventLoop loop{network, clock};
  network.Route(kHost, [body = std::string(bytes)](const FakeRequest&) {
    return FakeAnswer::Json(200, body);
  });
  config::ElasticsearchConfig config;
  config.host = kHost;
  config::SyncConfig sync;
  sync.give_up_after = Milliseconds(0);
  elastic::Client client(loop, config, sync, 1);
  switch (question) {
    case 0: {
      const auto reading = elastic::ReadIdentity(client, "docs");
      if (reading) static_cast<void>(elastic::WriteKeeper(client, *reading, {}));
      return;
    }
    case 1: {
      elastic::IndexRequest request;
      request.index = "docs";
      return static_cast<void>(elastic::PrepareIndex(client, request));
    }
    case 2:
      return static_cast<void>(elastic::PrepareAccessControlIndex(client, "docs"));
    case 3:
      return static_cast<void>(elastic::LastSequence(client, "docs"));
    case 4:
      return static_cast<void>(elastic::LicenseWithoutDocumentSecurity(client));
    case 5:
      return static_cast<void>(elastic::ReadSources(client, "docs", {"a", "b"}));
    default:
      return static_cast<void>(elastic::Count(client, "docs"));
  }
}

void ReadStoredNumbers(std::string_view bytes) {
  const std::size_t expected = TakeByte(bytes) % kMostItems;
  const auto numbers = elastic::ReadNumbers(std::string(bytes), expected);
  if (numbers) Require(numbers->size() == expected, "one number for each id");
}

const Registration index_parts("index_parts", JudgeIndex);
const Registration index_answer("index_answer", AskIndex);
const Registration numbers("stored_numbers", ReadStoredNumbers);
const Registration bulk("bulk_answer", ReadBulk);
const Registration multi_get("multi_get_answer", ReadMany);
const Registration search("search_answer", ReadHits);
const Registration error("elastic_error", ReadError);

}  // namespace
}  // namespace dbxes::fuzz
