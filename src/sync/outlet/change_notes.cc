// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/change_notes.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/json/json.h"

namespace dbxes::sync {
namespace {

using elastic::BulkAction;
using report::ChangeAction;

constexpr std::string_view kPath = "file_path";
constexpr std::string_view kText = "body";
constexpr std::string_view kFile = "_attachment";  // becomes a text in the ingest pipeline
// What dbx-es keeps in a document for itself, and what only an ingest pipeline reads.
constexpr std::string_view kBookkeeping[] = {
    "body_fingerprint",   "permissions_fingerprint",
    "sync_fingerprint",   "sync_seq",
    "sync_version",       "_attachment_indexed_chars",
    "_reduce_whitespace", "_extract_binary_content",
    "_run_ml_inference",
};

bool IsBookkeeping(std::string_view name) {
  return std::find(std::begin(kBookkeeping), std::end(kBookkeeping), name) !=
         std::end(kBookkeeping);
}

// Whether an update has a text, or takes it away. In JSON, no string has a
// quotation mark that is not escaped.
bool HasText(const BulkAction& action) {
  constexpr std::string_view kMember = R"("body":)";
  return action.source.find(kMember) != std::string_view::npos ||
         action.tail.find(kMember) != std::string_view::npos;
}

std::string_view TextOf(const rapidjson::Value* source, std::string_view name) {
  const rapidjson::Value* value =
      source != nullptr && source->IsObject() ? FindMember(*source, name) : nullptr;
  return value != nullptr && value->IsString() ? View(*value) : std::string_view();
}

// As Dropbox displays it. A received file has no path, but a name.
std::string DisplayPath(const rapidjson::Value* source) {
  const std::string_view path = TextOf(source, kPath);
  return std::string(path.empty() ? TextOf(source, "name") : path);
}

// Absent and null mean the same to Elasticsearch.
bool Same(const rapidjson::Value* one, const rapidjson::Value* other) {
  const bool no_one = one == nullptr || one->IsNull();
  const bool no_other = other == nullptr || other->IsNull();
  return no_one || no_other ? no_one == no_other : *one == *other;
}

void AddDifferences(const rapidjson::Value& now, const rapidjson::Value& before,
                    std::vector<std::string>& fields) {
  for (const auto& member : now.GetObject()) {
    const std::string_view name = View(member.name);
    if (IsBookkeeping(name)) continue;
    if (name == kFile) {
      fields.emplace_back(kText);
    } else if (!Same(&member.value, FindMember(before, name))) {
      fields.emplace_back(name);
    }
  }
}

// Of a document that is replaced: what it has no more.
void AddRemovals(const rapidjson::Value& now, const rapidjson::Value& before,
                 std::vector<std::string>& fields) {
  for (const auto& member : before.GetObject()) {
    const std::string_view name = View(member.name);
    const bool removed = FindMember(now, name) == nullptr && !member.value.IsNull();
    if (removed && !IsBookkeeping(name)) fields.emplace_back(name);
  }
}

void Compare(const BulkAction& action, const rapidjson::Value& now, const rapidjson::Value& before,
             report::Change& change) {
  AddDifferences(now, before, change.fields);
  // What an ingest pipeline makes of the file is not known here.
  const bool whole = action.kind == BulkAction::kIndex && FindMember(now, kFile) == nullptr;
  if (whole) AddRemovals(now, before, change.fields);
  const std::uint64_t text = ParseFingerprint(TextOf(&before, "body_fingerprint"));
  const std::uint64_t to_come = action.text_to_come;
  if (to_come != 0) {
    std::erase(change.fields, kText);
    if (text != to_come) change.fields.emplace_back(kText);
  }
  // See Outlet::Write for what has a text that is not there.
  change.text_seems_right = text != 0 && (to_come == 0 || text == to_come || text == ~to_come);
  const std::string_view from = TextOf(&before, kPath);
  const std::string_view to = TextOf(&now, kPath);
  if (from.empty() || to.empty() || from == to) return;
  change.action = ChangeAction::kMoved;
  change.from = from;
}

ChangeAction ActionOf(BulkAction::Kind kind) {
  if (kind == BulkAction::kCreate) return ChangeAction::kCreated;
  return kind == BulkAction::kDelete ? ChangeAction::kDeleted : ChangeAction::kUpdated;
}

}  // namespace

Result<report::Change> ChangeOf(const BulkAction& action, const rapidjson::Value* stored) {
  report::Change change;
  change.action = ActionOf(action.kind);
  change.id = action.id;
  change.no_text = action.no_text;
  rapidjson::Document now;
  if (action.kind != BulkAction::kDelete) {
    TRY_ASSIGN(now, ParseJson(std::string(action.source).append(action.tail), "a document"));
    change.path = DisplayPath(&now);
    if (stored != nullptr && change.action == ChangeAction::kUpdated) {
      Compare(action, now, *stored, change);
    }
  }
  if (change.path.empty()) change.path = DisplayPath(stored);
  if (change.path.empty()) change.path = action.path;
  return change;
}

ChangeNotes::ChangeNotes(std::unique_ptr<elastic::ActionSink> writer, elastic::Client& client,
                         std::string index, Kind kind)
    : ReadingSink(std::move(writer), client, std::move(index), "to list what changes"),
      kind_(kind) {}

ReadingSink::Need ChangeNotes::NeedOf(const BulkAction& action) const {
  if (action.kind == BulkAction::kCreate || !action.counts) return Need::kNothing;
  const bool text =
      action.kind == BulkAction::kIndex || (action.kind == BulkAction::kUpdate && HasText(action));
  return text ? Need::kAll : Need::kAllButText;
}

Result<void> ChangeNotes::HandOn(BulkAction action, const rapidjson::Value* stored) {
  if (!action.counts) return next().Add(action);
  TRY_ASSIGN(report::Change change, ChangeOf(action, stored));
  if (kind_ == Kind::kIdentities) {
    change.is_identity = true;
    change.path.clear();
  }
  action.change = std::make_shared<const report::Change>(std::move(change));
  return next().Add(action);
}

}  // namespace dbxes::sync
