// SPDX-License-Identifier: Apache-2.0
// The actions of one bulk request: encoded bytes and the offset of each action, so that any part of
// a batch can be sent again separately. A batch contains each id at most once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id_set.h"
#include "elastic/bulk_action.h"

namespace dbxes::elastic {

class BulkBatch {
 public:
  // `room`: bytes to reserve for the body, so that it is not moved as it grows. Reserved bytes that
  // are never written take no memory.
  explicit BulkBatch(std::size_t room = 0);

  // Adds an action whose id has this Hash64.
  void Append(const BulkAction& action, std::uint64_t id_hash);

  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  std::size_t bytes() const { return body_->size(); }
  bool Contains(std::uint64_t id_hash) const { return ids_.Contains(id_hash); }

  BulkAction::Kind kind(std::size_t item) const { return items_[item].kind; }
  std::string_view id(std::size_t item) const;
  std::string_view path(std::size_t item) const;
  std::int64_t sync_seq(std::size_t item) const { return items_[item].sync_seq; }
  bool counts(std::size_t item) const { return items_[item].counts; }

  // What is reported of the item once it has taken effect; null for nothing.
  const report::Change* change(std::size_t item) const;

  // From now on the item, which is kCreate, creates its document as RecreationLine does.
  void Recreate(std::size_t item, std::uint64_t deleted);
  bool IsRecreation(std::size_t item) const { return items_[item].deleted.has_value(); }

  // The whole request body, shared with requests under way. Without recreations.
  std::shared_ptr<const std::string> body() const { return body_; }
  // The body of a request with these items alone, in this order.
  std::string BodyOf(const std::vector<std::uint32_t>& items) const;

  // Empties the batch and keeps its memory, unless a request still holds the body.
  void Clear();

 private:
  struct Item {
    std::size_t begin;  // of the action line in body_
    std::size_t names;  // of the id in names_; the path follows
    std::uint32_t id_size;
    std::uint32_t path_size;
    std::int64_t sync_seq;
    BulkAction::Kind kind;
    bool counts;
    std::optional<std::uint64_t> deleted;  // of a recreation, see RecreationLine
  };
  std::size_t End(std::size_t item) const;

  std::size_t room_;
  std::shared_ptr<std::string> body_;
  std::string names_;
  std::vector<Item> items_;
  // By item, in their order. Few runs list changes, so that it is no member of Item.
  std::vector<std::pair<std::size_t, std::shared_ptr<const report::Change>>> changes_;
  IdSet ids_;
};

}  // namespace dbxes::elastic
