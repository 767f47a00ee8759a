// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/whole_documents.h"

#include <utility>

#include "base/json/json.h"

namespace dbxes::sync {
namespace {

// Changes a document as a partial update does: objects member by member, other values as a whole
// (Elasticsearch: Update API).
void Merge(rapidjson::Value& target, rapidjson::Value& changes,
           rapidjson::Document::AllocatorType& allocator) {
  auto change = changes.MemberBegin();
  for (rapidjson::SizeType left = changes.MemberCount(); left > 0; --left, ++change) {
    if (!target.HasMember(change->name)) {
      target.AddMember(change->name, change->value, allocator);
      continue;
    }
    rapidjson::Value& was = target[change->name];
    if (was.IsObject() && change->value.IsObject()) {
      Merge(was, change->value, allocator);
    } else {
      was = change->value;
    }
  }
}

}  // namespace

WholeDocuments::WholeDocuments(std::unique_ptr<elastic::ActionSink> writer, elastic::Client& client,
                               std::string index)
    : ReadingSink(std::move(writer), client, std::move(index), "for the ingest pipeline") {}

Result<void> WholeDocuments::HandOn(elastic::BulkAction action, const rapidjson::Value* stored) {
  // A document that is gone makes the update a conflict.
  if (stored == nullptr) return next().Add(action);
  TRY_ASSIGN(rapidjson::Document changes, ParseJson(action.source, "a document"));
  rapidjson::Document merged;
  merged.CopyFrom(*stored, merged.GetAllocator());
  Merge(merged, changes, merged.GetAllocator());
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  merged.Accept(writer);
  action.kind = elastic::BulkAction::kIndex;
  action.source = View(buffer);
  return next().Add(action);
}

}  // namespace dbxes::sync
