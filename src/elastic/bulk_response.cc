// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_response.h"

#include <fmt/format.h>

#include <cstdint>

#include "base/json/json_members.h"
#include "elastic/error_reader.h"
#include "elastic/meaning.h"

namespace dbxes::elastic {
namespace {

// One answer on its way to outcomes.
struct Reading {
  const std::vector<BulkAction::Kind>& kinds;
  std::vector<BulkOutcome>& outcomes;
  std::size_t count = 0;  // items read
  bool has_items = false;
  std::string problem = {};  // why this answer cannot belong to the request; "" if it can
};

void ReadStatus(JsonScanner& json, BulkOutcome& outcome) {
  std::uint64_t status = 0;
  json.Read(status);
  outcome.status = static_cast<int>(status);
}

void ReadResult(JsonScanner& json, BulkOutcome& outcome) {
  std::string_view result;
  json.Read(result);
  outcome.noop = result == "noop";
}

template <std::string BulkOutcome::*Field>
void ReadText(JsonScanner& json, BulkOutcome& outcome) {
  std::string_view text;
  json.Read(text);
  outcome.*Field = text;
}

void ReadError(JsonScanner& json, BulkOutcome& outcome) {
  static constexpr JsonMember<BulkOutcome> kMembers[] = {
      {"type", ReadText<&BulkOutcome::type>},
      {"reason", ReadText<&BulkOutcome::reason>},
  };
  ReadMembers(json, kMembers, outcome);
}

constexpr JsonMember<BulkOutcome> kOperationMembers[] = {
    {"result", ReadResult},
    {"status", ReadStatus},
    {"error", ReadError},
};

const JsonName& NameOf(BulkAction::Kind kind) {
  static constexpr JsonName kIndex("index");
  static constexpr JsonName kUpdate("update");
  static constexpr JsonName kDelete("delete");
  if (kind == BulkAction::kUpdate) return kUpdate;
  return kind == BulkAction::kDelete ? kDelete : kIndex;
}

// A document that is created anew after a deletion has another operation (RecreationLine).
bool IsNameOf(BulkAction::Kind kind, std::string_view name) {
  return kind == BulkAction::kCreate && name == "create";
}

// {OPERATION: {"status": n, "error": {"type": t, "reason": r}}}
void ReadItem(JsonScanner& json, BulkAction::Kind kind, Reading& into) {
  BulkOutcome& outcome = into.outcomes[into.count];
  outcome = BulkOutcome{};
  for (bool more = json.EnterObject(); more; more = json.NextMember()) {
    if (!json.TakeName(NameOf(kind))) {
      const std::string_view name = json.ReadName();
      if (!IsNameOf(kind, name)) {
        into.problem = fmt::format("item {} is \"{}\" where \"{}\" was sent", into.count, name,
                                   ToString(kind));
      }
    }
    ReadMembers(json, kOperationMembers, outcome);
  }
  if (outcome.status == 0 && into.problem.empty()) {
    into.problem = fmt::format("item {} has no status", into.count);
  }
  outcome.kind = ClassifyBulkItem(kind, outcome);
  if (!outcome.reason.empty()) outcome.reason = OneLine(outcome.reason);
  ++into.count;
}

void ReadItems(JsonScanner& json, Reading& into) {
  into.has_items = into.has_items || json.NextIs('[');
  ReadElements(json, [&] {
    if (!json.NextIs('{')) return json.Skip();
    if (into.count < into.kinds.size()) return ReadItem(json, into.kinds[into.count], into);
    into.problem = fmt::format("it has more items than the {} actions", into.kinds.size());
    json.Skip();
  });
}

constexpr JsonMember<Reading> kAnswerMembers[] = {{"items", ReadItems}};

// Why the answer is of no use; "" if it is a good one.
std::string ProblemOf(const JsonScanner& json, const Reading& read) {
  if (json.failed()) return "it is " + json.ErrorText();
  if (!read.problem.empty()) return read.problem;
  if (!read.has_items) return "it has no items";
  if (read.count == read.kinds.size()) return {};
  return fmt::format("it has {} items for {} actions", read.count, read.kinds.size());
}

BulkOutcome::Kind ClassifySuccess(BulkAction::Kind action, const BulkOutcome& item) {
  if (action == BulkAction::kDelete) return BulkOutcome::kDeleted;
  if (item.noop) {
    return action == BulkAction::kUpdate ? BulkOutcome::kUnchanged : BulkOutcome::kDropped;
  }
  return item.status == 201 ? BulkOutcome::kCreated : BulkOutcome::kUpdated;
}

}  // namespace

BulkOutcome::Kind ClassifyBulkItem(BulkAction::Kind action, const BulkOutcome& item) {
  if (item.type.empty()) {
    if (item.status >= 200 && item.status < 300) return ClassifySuccess(action, item);
    if (item.status == 404 && action == BulkAction::kDelete) return BulkOutcome::kAbsent;
  }
  switch (MeaningOfItem(item.status, item.type, item.reason)) {
    case ItemError::kConflict:
      return BulkOutcome::kConflict;
    case ItemError::kRetry:
      return BulkOutcome::kRetry;
    case ItemError::kFatal:
      return BulkOutcome::kFatal;
    case ItemError::kRejected:
      break;
  }
  return BulkOutcome::kRejected;
}

Result<void> ReadBulkResponse(std::string body, const std::vector<BulkAction::Kind>& kinds,
                              std::vector<BulkOutcome>& outcomes) {
  outcomes.resize(kinds.size());
  Reading read{kinds, outcomes};
  JsonScanner json(body);
  ReadMembers(json, kAnswerMembers, read);
  json.Finish();
  const std::string problem = ProblemOf(json, read);
  if (problem.empty()) return {};
  return Fail(ErrorKind::kTemporary,
              fmt::format("the answer to a bulk request is unusable: {}", problem));
}

}  // namespace dbxes::elastic
