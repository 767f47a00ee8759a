// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_batch.h"

#include <algorithm>
#include <utility>

#include "elastic/ndjson_encoder.h"

namespace dbxes::elastic {
namespace {

std::shared_ptr<std::string> EmptyBody(std::size_t room) {
  auto body = std::make_shared<std::string>();
  body->reserve(room);
  return body;
}

}  // namespace

BulkBatch::BulkBatch(std::size_t room) : room_(room), body_(EmptyBody(room)) {}

void BulkBatch::Append(const BulkAction& action, std::uint64_t id_hash) {
  items_.push_back({body_->size(), names_.size(), static_cast<std::uint32_t>(action.id.size()),
                    static_cast<std::uint32_t>(action.path.size()), action.sync_seq, action.kind,
                    action.counts, /*deleted=*/std::nullopt});
  if (action.change) changes_.emplace_back(items_.size() - 1, action.change);
  names_ += action.id;
  names_ += action.path;
  ids_.Insert(id_hash);
  AppendNdjson(action, *body_);
}

std::string_view BulkBatch::id(std::size_t item) const {
  return std::string_view(names_).substr(items_[item].names, items_[item].id_size);
}

std::string_view BulkBatch::path(std::size_t item) const {
  return std::string_view(names_).substr(items_[item].names + items_[item].id_size,
                                         items_[item].path_size);
}

std::size_t BulkBatch::End(std::size_t item) const {
  return item + 1 < items_.size() ? items_[item + 1].begin : body_->size();
}

const report::Change* BulkBatch::change(std::size_t item) const {
  const auto found = std::partition_point(changes_.begin(), changes_.end(),
                                          [&](const auto& one) { return one.first < item; });
  return found != changes_.end() && found->first == item ? found->second.get() : nullptr;
}

void BulkBatch::Recreate(std::size_t item, std::uint64_t deleted) {
  items_[item].deleted = deleted;
}

std::string BulkBatch::BodyOf(const std::vector<std::uint32_t>& items) const {
  std::size_t size = 0;
  for (std::uint32_t item : items) size += End(item) - items_[item].begin;
  std::string body;
  body.reserve(size);
  for (std::uint32_t item : items) {
    std::size_t begin = items_[item].begin;
    if (const auto deleted = items_[item].deleted) {
      body += RecreationLine(id(item), *deleted);
      begin = body_->find('\n', begin) + 1;
    }
    body.append(*body_, begin, End(item) - begin);
  }
  return body;
}

void BulkBatch::Clear() {
  if (body_.use_count() > 1) {
    body_ = EmptyBody(room_);
  } else {
    body_->clear();
  }
  names_.clear();
  items_.clear();
  changes_.clear();
  ids_.Clear();
}

}  // namespace dbxes::elastic
