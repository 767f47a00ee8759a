// SPDX-License-Identifier: Apache-2.0
#include "faults/hostile_administrator.h"

#include <fmt/format.h>

#include <utility>

#include "base/json/json.h"

namespace dbxes {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;
// As dynamic mapping makes it of our documents.
constexpr const char* kDynamicMapping =
    R"({"properties":{"path_lower":{"type":"text","fields":{"keyword":{"type":"keyword",)"
    R"("ignore_above":256}}}}})";

}  // namespace

HostileAdministrator::HostileAdministrator(SyncWorld& world, Dice& dice)
    : world_(world), dice_(dice) {}

const std::vector<HostileAdministrator::Kind>& HostileAdministrator::Kinds() {
  using Self = HostileAdministrator;
  static const std::vector<Kind> kinds{
      {"deletes the index", Reach::kIndex, &Self::DeleteIndex},
      {"makes the index again, empty", Reach::kIndex, &Self::RecreateEmpty},
      {"makes the index again, with dynamic mapping", Reach::kIndex,
       &Self::RecreateWithDynamicMapping},
      {"moves the alias", Reach::kIndex, &Self::MoveAlias},
      {"restores an older copy of the deleted index", Reach::kIndex, &Self::RestoreDeleted},
      {"restores an older copy in place", Reach::kIndex, &Self::RestoreInPlace},
      {"removes the keeper", Reach::kIndex, &Self::RemoveKeeper},
      {"names another keeper", Reach::kUntilHealed, &Self::NameAnotherKeeper},
      {"deletes a document", Reach::kNumber, &Self::DeleteDocument},
      {"deletes all documents", Reach::kNumber, &Self::DeleteAllDocuments},
      {"adds a document", Reach::kNumber, &Self::AddStranger},
      {"strips a list", Reach::kDocuments, &Self::StripList},
      {"empties a list", Reach::kDocuments, &Self::EmptyList},
      {"removes a fingerprint", Reach::kDocuments, &Self::RemoveFingerprint},
      {"gives a list other readers", Reach::kDocuments, &Self::GiveOtherReaders},
      {"exchanges two lists", Reach::kDocuments, &Self::ExchangeLists},
      {"changes a path or a name", Reach::kDocuments, &Self::ChangeShownField},
      {"adds a field that the document must not have", Reach::kDocuments, &Self::AddField},
      {"removes the number of a document", Reach::kDocuments, &Self::RemoveNumber},
      {"raises the number of a document", Reach::kDocuments, &Self::RaiseNumber},
      {"copies a document", Reach::kNumber, &Self::CopyDocument},
      {"starts a second program that writes", Reach::kDocuments, &Self::StartSecondProgram},
      {"sets a block", Reach::kUntilHealed, &Self::SetBlock},
      {"adds a second index to the alias", Reach::kUntilHealed, &Self::AddSecondAlias},
      {"moves the clock ahead", Reach::kIndex, &Self::MoveClockAhead},
      {"moves the clock back", Reach::kIndex, &Self::MoveClockBack},
  };
  return kinds;
}

HostileAdministrator::Interference HostileAdministrator::Interfere() {
  // An older copy is one from before the last interference.
  if (!snapshot_ || dice_.Chance(30)) Remember();
  const Kind& kind = dice_.Pick(Kinds());
  (this->*kind.act)();
  return {kind.text, kind.reach};
}

void HostileAdministrator::Remember() {
  if (world_.elastic.HasIndex(index())) snapshot_ = world_.elastic.Snapshot(index());
}

void HostileAdministrator::Heal() {
  world_.elastic.read_only = false;
  world_.elastic.ClearFaults();
  world_.elastic.before_write = nullptr;
  // An index that a person has to look at, with documents of others in it and a mapping that
  // dbx-es cannot use.
  const bool unusable =
      world_.elastic.Mappings(index()).find(R"("path_lower":{"type":"text")") != std::string::npos;
  if (unusable) DeleteIndex();
  if (named_) RemoveKeeper();
  named_ = false;
  RemoveSecond();
}

void HostileAdministrator::RemoveSecond() {
  if (second_.empty()) return;
  world_.elastic.DeleteIndex(second_);
  second_.clear();
  if (world_.elastic.HasIndex(first_)) world_.elastic.MoveAlias(index(), first_);
}

void HostileAdministrator::DeleteIndex() {
  RemoveSecond();
  world_.elastic.DeleteIndex(index());
}

void HostileAdministrator::RecreateEmpty() {
  DeleteIndex();
  world_.elastic.CreateIndex(index());
}

void HostileAdministrator::RecreateWithDynamicMapping() {
  DeleteIndex();
  world_.elastic.CreateIndex(index(), kDynamicMapping);
}

void HostileAdministrator::MoveAlias() {
  const std::string next = fmt::format("{}-{}", index(), ++indices_);
  DeleteIndex();
  world_.elastic.CreateIndex(next);
  world_.elastic.MoveAlias(index(), next);
}

void HostileAdministrator::RestoreDeleted() {
  if (!snapshot_) return;
  DeleteIndex();
  world_.elastic.RestoreDeleted(index(), *snapshot_);
}

void HostileAdministrator::RestoreInPlace() {
  if (snapshot_ && world_.elastic.HasIndex(index())) {
    world_.elastic.RestoreInPlace(index(), *snapshot_);
  }
}

void HostileAdministrator::RemoveKeeper() {
  world_.elastic.Handle("PUT", "/" + index() + "/_mapping", R"({"_meta":{}})");
}

void HostileAdministrator::NameAnotherKeeper() {
  named_ = true;
  world_.elastic.Handle("PUT", "/" + index() + "/_mapping",
                        R"({"_meta":{"dbx_es":{"state":"0","host":"laptop","since":"today"}}})");
}

std::optional<std::string> HostileAdministrator::AnyDocument() {
  const auto documents = world_.elastic.Documents(index());
  if (documents.empty()) return std::nullopt;
  return std::next(documents.begin(), static_cast<std::ptrdiff_t>(dice_.Below(documents.size())))
      ->first;
}

void HostileAdministrator::SetField(const std::string& id, const char* field,
                                    const std::string& json) {
  auto document = ParseJson(*world_.elastic.Source(index(), id), "a document");
  document->RemoveMember(field);
  if (!json.empty()) {
    const auto value = ParseJson(json, "a value");
    rapidjson::Value copy(*value, document->GetAllocator());
    document->AddMember(rapidjson::StringRef(field), copy, document->GetAllocator());
  }
  world_.elastic.Put(index(), id, JsonText(*document));
}

std::string HostileAdministrator::Field(const std::string& id, const char* field) const {
  const auto document = ParseJson(*world_.elastic.Source(index(), id), "a document");
  const rapidjson::Value* value = FindMember(*document, field);
  return value == nullptr ? "" : JsonText(*value);
}

void HostileAdministrator::DeleteDocument() {
  if (const auto id = AnyDocument()) world_.elastic.Delete(index(), *id);
}

void HostileAdministrator::DeleteAllDocuments() {
  for (const auto& [id, source] : world_.elastic.Documents(index())) {
    world_.elastic.Delete(index(), id);
  }
}

void HostileAdministrator::AddStranger() {
  if (!world_.elastic.HasIndex(index())) return;
  world_.elastic.Put(index(), fmt::format("stranger-{}", ++indices_),
                     R"({"id":"stranger","name":"stranger","type":"File"})");
}

void HostileAdministrator::StripList() {
  if (const auto id = AnyDocument()) SetField(*id, "_allow_access_control", "");
}

void HostileAdministrator::EmptyList() {
  if (const auto id = AnyDocument()) SetField(*id, "_allow_access_control", "[]");
}

void HostileAdministrator::RemoveFingerprint() {
  if (const auto id = AnyDocument()) SetField(*id, "sync_fingerprint", "");
}

void HostileAdministrator::GiveOtherReaders() {
  const auto id = AnyDocument();
  if (!id) return;
  const auto& readers = world_.tree().people().accounts();
  SetField(*id, "_allow_access_control",
           fmt::format(R"(["user_id:{}"])", dice_.Pick(readers).account_id));
}

void HostileAdministrator::ExchangeLists() {
  const auto one = AnyDocument();
  const auto other = AnyDocument();
  if (!one || !other) return;
  const std::string first = Field(*one, "_allow_access_control");
  SetField(*one, "_allow_access_control", Field(*other, "_allow_access_control"));
  SetField(*other, "_allow_access_control", first);
}

void HostileAdministrator::ChangeShownField() {
  struct Change {
    const char* field;
    const char* json;
  };
  static constexpr Change kChanges[] = {
      {"path_lower", R"("/elsewhere/by hand")"},
      {"path_lower", ""},
      {"file_path", R"("/Elsewhere")"},
      {"ancestors", R"(["/elsewhere"])"},
      {"name", R"("other")"},
      {"size", "1"},
      {"type", R"("Other")"},
      {"rev", ""},
      {"shared_folder_id", R"("1")"},
      {"_timestamp", R"("2001-01-01T00:00:00Z")"},
      {"id", R"("id:another")"},
  };
  if (const auto id = AnyDocument()) {
    const Change& change = dice_.Pick(kChanges);
    SetField(*id, change.field, change.json);
  }
}

void HostileAdministrator::AddField() {
  static constexpr const char* kFields[] = {"received", "content_hash", "rev", "extension",
                                            "client_modified"};
  const auto id = AnyDocument();
  if (!id) return;
  const char* field = dice_.Pick(kFields);
  SetField(*id, field, std::string_view(field) == "received" ? "true" : R"("by hand")");
}

void HostileAdministrator::RemoveNumber() {
  if (const auto id = AnyDocument()) SetField(*id, "sync_seq", "");
}

void HostileAdministrator::RaiseNumber() {
  const std::int64_t soon = world_.clock.WallMicros() + kDayMicros;
  const std::int64_t numbers[] = {soon, std::int64_t{1} << 52, std::int64_t{1} << 53, INT64_MAX};
  if (const auto id = AnyDocument()) {
    SetField(*id, "sync_seq", std::to_string(dice_.Pick(numbers)));
  }
}

void HostileAdministrator::CopyDocument() {
  if (const auto id = AnyDocument()) {
    world_.elastic.Put(index(), fmt::format("copy-{}", ++indices_),
                       *world_.elastic.Source(index(), *id));
  }
}

// It writes a few documents just before dbx-es does.
void HostileAdministrator::StartSecondProgram() {
  world_.elastic.before_write = [this](const FakeBulkOperation& operation) {
    if (!world_.elastic.Source(index(), operation.id) || !dice_.Chance(30)) return;
    SetField(operation.id, "size", "2");
  };
}

void HostileAdministrator::SetBlock() { world_.elastic.read_only = true; }

void HostileAdministrator::AddSecondAlias() {
  if (!world_.elastic.HasIndex(index()) || !second_.empty()) return;
  // Only an alias can name two.
  MoveAlias();
  first_ = fmt::format("{}-{}", index(), indices_);
  second_ = fmt::format("{}-{}", index(), ++indices_);
  world_.elastic.CreateIndex(second_);
  world_.elastic.AddAlias(index(), second_);
}

void HostileAdministrator::MoveClockAhead() { world_.clock.JumpWall(kDayMicros); }

void HostileAdministrator::MoveClockBack() { world_.clock.JumpWall(-kDayMicros); }

}  // namespace dbxes
