// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/changed_documents.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/hash.h"
#include "base/json/json.h"
#include "elastic/query.h"
#include "permissions/access_list.h"

namespace dbxes::sync {
namespace {

constexpr std::string_view kList = "_allow_access_control";
constexpr std::string_view kText = "body";
constexpr std::size_t kTextsAtOnce = 20;  // in one answer, whole
constexpr std::string_view kReading = "reading documents that somebody else has changed";

// Whether it has the list that the fingerprint was made of; or neither.
bool HasList(const rapidjson::Value& source, std::uint64_t fingerprint) {
  const rapidjson::Value* list = source.IsObject() ? FindMember(source, kList) : nullptr;
  if (list == nullptr || list->IsNull()) return fingerprint == 0;
  if (!list->IsArray()) return false;
  std::vector<std::string> values;
  for (const rapidjson::Value& value : list->GetArray()) {
    if (!value.IsString()) return false;
    values.emplace_back(View(value));
  }
  if (values.empty()) return false;
  const auto is = [&](bool own) {
    return permissions::MakeAccessList(values, own).fingerprint == fingerprint;
  };
  return is(false) || is(true);
}

// Takes the fingerprint of a text from documents that do not have it. An empty text is one.
Result<void> ReadTexts(elastic::MultiGet& lookup, const std::vector<std::string_view>& ids,
                       const std::vector<elastic::StoredDocument*>& documents) {
  TRY_ASSIGN(const auto sources, WithContext(lookup.ReadFields(ids, kText), kReading));
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const rapidjson::Value& source = sources[static_cast<rapidjson::SizeType>(i)];
    const rapidjson::Value* text = source.IsObject() ? FindMember(source, kText) : nullptr;
    if (text == nullptr || text->IsNull()) documents[i]->body_fingerprint = {};
  }
  return {};
}

// A search says of most documents that they have their text. The others are read, a few at a time:
// a mapping need not make texts searchable.
Result<void> VerifyTexts(elastic::MultiGet& lookup,
                         const std::vector<DoubtfulDocument>& documents) {
  std::vector<std::string_view> ids;
  for (const DoubtfulDocument& one : documents) {
    if (!one.stored.body_fingerprint.empty()) ids.push_back(one.draft.id);
  }
  TRY_ASSIGN(const auto found, WithContext(lookup.FindWith(kText, ids), kReading));
  std::vector<std::string_view> unfound;
  std::vector<elastic::StoredDocument*> stored;
  for (const DoubtfulDocument& one : documents) {
    if (one.stored.body_fingerprint.empty()) continue;
    if (std::binary_search(found.begin(), found.end(), one.draft.id)) continue;
    unfound.push_back(one.draft.id);
    stored.push_back(&one.stored);
    if (unfound.size() < kTextsAtOnce) continue;
    TRY(ReadTexts(lookup, unfound, stored));
    unfound.clear();
    stored.clear();
  }
  return unfound.empty() ? Result<void>() : ReadTexts(lookup, unfound, stored);
}

}  // namespace

Result<void> VerifyLists(elastic::MultiGet& lookup, const std::vector<std::string_view>& ids,
                         elastic::StoredDocuments& stored) {
  std::vector<std::string_view> asked;
  std::vector<elastic::StoredDocument*> documents;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!stored[i].found || stored[i].list_is_ours) continue;
    asked.push_back(ids[i]);
    documents.push_back(&stored[i]);
  }
  if (asked.empty()) return {};
  TRY_ASSIGN(const auto sources, WithContext(lookup.ReadFields(asked, kList), kReading));
  for (std::size_t i = 0; i < documents.size(); ++i) {
    elastic::StoredDocument& one = *documents[i];
    one.list_is_ours = HasList(sources[static_cast<rapidjson::SizeType>(i)],
                               ParseFingerprint(one.permissions_fingerprint));
  }
  return {};
}

Result<void> VerifyDocuments(elastic::MultiGet& lookup, const documents::DocumentBuilder& builder,
                             const std::vector<DoubtfulDocument>& documents) {
  if (documents.empty()) return {};
  std::vector<std::string_view> ids;
  for (const DoubtfulDocument& one : documents) ids.push_back(one.draft.id);
  const std::string fields = documents::DraftFields() + ',' + std::string(kList);
  TRY_ASSIGN(const auto sources, WithContext(lookup.ReadFields(ids, fields), kReading));
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const auto& [draft, stored] = documents[i];
    const rapidjson::Value& source = sources[static_cast<rapidjson::SizeType>(i)];
    stored.list_is_ours = HasList(source, ParseFingerprint(stored.permissions_fingerprint));
    const bool numbered = stored.sync_seq > 0 && stored.sync_seq < elastic::kFirstBeyondClocks;
    // A list that it should not have has no fingerprint by which it would be removed.
    const bool has_strange_list = stored.permissions_fingerprint.empty() && !stored.list_is_ours;
    stored.version.is_ours = stored.was_ours && numbered && !has_strange_list &&
                             documents::HoldsDraft(builder, draft, source);
  }
  return lookup.doubt() == elastic::Doubt::kAll ? VerifyTexts(lookup, documents) : Result<void>();
}

}  // namespace dbxes::sync
