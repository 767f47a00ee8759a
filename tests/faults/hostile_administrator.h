// SPDX-License-Identifier: Apache-2.0
// Somebody with all rights on the cluster, who does to the index whatever can be done to one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "faults/dice.h"
#include "support/sync_world.h"

namespace dbxes {

// Who can notice it.
enum class Reach : std::uint8_t {
  kIndex,      // the next run that has something to write, or any run after an hour
  kDocuments,  // a run that compares everything, and any incremental run after an hour
  // The same, but for the run after an hour, which only knows how many documents there should be:
  // what was added may make up for what was deleted.
  kNumber,
  kUntilHealed,  // every run that needs the index, until it is healed
};

class HostileAdministrator {
 public:
  // `world` and `dice` have to live as long.
  HostileAdministrator(SyncWorld& world, Dice& dice);

  struct Interference {
    std::string text;  // for people
    Reach reach;
  };
  // Does one thing of more than twenty.
  Interference Interfere();
  // Undoes what keeps runs from working.
  void Heal();

 private:
  using Act = void (HostileAdministrator::*)();
  struct Kind {
    const char* text;
    Reach reach;
    Act act;
  };
  static const std::vector<Kind>& Kinds();

  void RemoveSecond();
  void DeleteIndex();
  void RecreateEmpty();
  void RecreateWithDynamicMapping();
  void MoveAlias();
  void RestoreDeleted();
  void RestoreInPlace();
  void RemoveKeeper();
  void NameAnotherKeeper();
  void DeleteDocument();
  void DeleteAllDocuments();
  void AddStranger();
  void StripList();
  void EmptyList();
  void RemoveFingerprint();
  void GiveOtherReaders();
  void ExchangeLists();
  void ChangeShownField();
  void AddField();
  void RemoveNumber();
  void RaiseNumber();
  void CopyDocument();
  void StartSecondProgram();
  void SetBlock();
  void AddSecondAlias();
  void MoveClockAhead();
  void MoveClockBack();

  std::string index() const { return world_.config.elasticsearch.index; }
  std::optional<std::string> AnyDocument();
  // The JSON text of a field, "" if the document lacks it.
  std::string Field(const std::string& id, const char* field) const;
  // Sets a field of a document to a JSON text, "" removes it.
  void SetField(const std::string& id, const char* field, const std::string& json);
  void Remember();

  SyncWorld& world_;
  Dice& dice_;
  std::optional<FakeIndex> snapshot_;
  std::string first_;   // of an alias with two indices
  std::string second_;  // "" while there is one
  bool named_ = false;  // another keeper
  int indices_ = 0;
};

}  // namespace dbxes
