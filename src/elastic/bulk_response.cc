// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_response.h"

#include <fmt/format.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <optional>

#include "elastic/error_reader.h"

namespace dbxes::elastic {
namespace {

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Follows {"items": [{OPERATION: {"status": n, "error": {"type": t, "reason": r}}}, ...]} and
// passes over everything else.
class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
 public:
  Handler(const std::vector<BulkAction::Kind>& kinds, std::vector<BulkOutcome>& outcomes)
      : kinds_(kinds), outcomes_(outcomes) {}

  bool StartObject() {
    if (skipped_ > 0 || !EnterObject()) ++skipped_;
    return !problem_;
  }
  bool EndObject(rapidjson::SizeType) {
    if (skipped_ > 0) {
      --skipped_;
      return true;
    }
    switch (place_) {
      case kError:
        place_ = kOperation;
        return true;
      case kOperation:
        place_ = kItem;
        return true;
      case kItem:
        place_ = kItems;
        return FinishItem();
      default:
        place_ = kEnd;
        return true;
    }
  }
  bool StartArray() {
    if (skipped_ == 0 && place_ == kRoot && key_ == "items") {
      place_ = kItems;
      has_items_ = true;
    } else {
      ++skipped_;
    }
    return true;
  }
  bool EndArray(rapidjson::SizeType) {
    if (skipped_ > 0) {
      --skipped_;
    } else {
      place_ = kRoot;
    }
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    if (skipped_ > 0) return true;
    key_.assign(text, length);
    if (place_ == kItem) operation_ = key_;
    return true;
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    if (skipped_ > 0) return true;
    if (place_ == kError && key_ == "type") outcome().type.assign(text, length);
    if (place_ == kError && key_ == "reason") outcome().reason.assign(text, length);
    return true;
  }
  bool Uint(unsigned value) {
    if (skipped_ == 0 && place_ == kOperation && key_ == "status") {
      outcome().status = static_cast<int>(value);
    }
    return true;
  }
  bool Default() { return true; }

  // Why the answer cannot be this request's, if it cannot.
  std::string Problem() const {
    if (problem_) return *problem_;
    if (!has_items_) return "it has no items";
    if (count_ == kinds_.size()) return {};
    return fmt::format("it has {} items for {} actions", count_, kinds_.size());
  }

 private:
  enum Place { kStart, kRoot, kItems, kItem, kOperation, kError, kEnd };

  BulkOutcome& outcome() { return outcomes_[count_]; }

  bool EnterObject() {
    if (place_ == kStart) {
      place_ = kRoot;
    } else if (place_ == kItems) {
      place_ = kItem;
      BeginItem();
    } else if (place_ == kItem) {
      place_ = kOperation;
    } else if (place_ == kOperation && key_ == "error") {
      place_ = kError;
    } else {
      return false;
    }
    return true;
  }

  void BeginItem() {
    if (count_ == kinds_.size()) {
      problem_ = fmt::format("it has more items than the {} actions", kinds_.size());
      return;
    }
    outcome() = BulkOutcome{};
    operation_.clear();
  }

  bool FinishItem() {
    const BulkAction::Kind kind = kinds_[count_];
    BulkOutcome& item = outcome();
    if (item.status == 0) problem_ = fmt::format("item {} has no status", count_);
    if (operation_ != ToString(kind)) {
      problem_ = fmt::format("item {} is \"{}\" where \"{}\" was asked for", count_, operation_,
                             ToString(kind));
    }
    item.kind = ClassifyBulkItem(kind, item.status, item.type, item.reason);
    item.reason = OneLine(item.reason);
    ++count_;
    return !problem_;
  }

  const std::vector<BulkAction::Kind>& kinds_;
  std::vector<BulkOutcome>& outcomes_;
  Place place_ = kStart;
  int skipped_ = 0;  // depth within something that is of no interest
  std::size_t count_ = 0;
  bool has_items_ = false;
  std::string key_;
  std::string operation_;
  std::optional<std::string> problem_;
};

bool StopsTheRun(std::string_view type, std::string_view reason) {
  if (type == "security_exception" || type == "index_not_found_exception" ||
      type == "index_closed_exception") {
    return true;
  }
  return type == "illegal_argument_exception" && (StartsWith(reason, "pipeline with id") ||
                                                  StartsWith(reason, "no write index is defined"));
}

BulkOutcome::Kind ClassifySuccess(BulkAction::Kind action, int status) {
  if (action == BulkAction::kDelete) return BulkOutcome::kDeleted;
  return status == 201 ? BulkOutcome::kCreated : BulkOutcome::kUpdated;
}

}  // namespace

BulkOutcome::Kind ClassifyBulkItem(BulkAction::Kind action, int status, std::string_view type,
                                   std::string_view reason) {
  if (type.empty()) {
    if (status >= 200 && status < 300) return ClassifySuccess(action, status);
    if (status == 404 && action == BulkAction::kDelete) return BulkOutcome::kAbsent;
  }
  if (type == "cluster_block_exception" || type == "version_conflict_engine_exception") {
    return BulkOutcome::kRetry;
  }
  if (StopsTheRun(type, reason)) return BulkOutcome::kFatal;
  switch (status) {
    case 429:
    case 502:
    case 503:
    case 504:
      return BulkOutcome::kRetry;
    case 401:
    case 403:
      return BulkOutcome::kFatal;
    default:
      return BulkOutcome::kRejected;
  }
}

Result<void> ReadBulkResponse(std::string_view body, const std::vector<BulkAction::Kind>& kinds,
                              std::vector<BulkOutcome>& outcomes) {
  outcomes.resize(kinds.size());
  Handler handler(kinds, outcomes);
  rapidjson::MemoryStream memory(body.data(), body.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(memory);
  rapidjson::Reader reader;
  const rapidjson::ParseResult parsed =
      reader.Parse<rapidjson::kParseIterativeFlag>(stream, handler);
  std::string problem = handler.Problem();
  if (parsed.IsError() && parsed.Code() != rapidjson::kParseErrorTermination) {
    problem = fmt::format("it is not JSON: {} (at byte {} of {})",
                          rapidjson::GetParseError_En(parsed.Code()), parsed.Offset(), body.size());
  }
  if (problem.empty()) return {};
  return Fail(ErrorKind::kTemporary,
              fmt::format("the answer to a bulk request is of no use: {}", problem));
}

}  // namespace dbxes::elastic
