// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/pending_deletions.h"

#include <fmt/format.h>

#include <functional>

#include "base/hash.h"
#include "base/json/json.h"

namespace dbxes::checkpoint {
namespace {

// ["path", seq, subtree, "keep_id"] or ["id", seq], one a line.
void AppendLine(const PendingDeletion& deletion, std::string& out) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartArray();
  WriteString(writer, deletion.id.empty() ? deletion.path : deletion.id);
  writer.Int64(deletion.seq);
  if (deletion.id.empty()) {
    writer.Bool(deletion.subtree);
    WriteString(writer, deletion.keep_id);
  }
  writer.EndArray();
  out += View(buffer);
  out += '\n';
}

// The file that lines are of, for messages.
struct Origin {
  const DurableFiles& files;
  const std::string& path;
};

tl::unexpected<Error> Damaged(const Origin& origin) {
  return Fail(ErrorKind::kConfig,
              fmt::format("state file {} is damaged: {} and run dbx-es full-sync", origin.path,
                          origin.files.HowToDiscard(/*with_checkpoint=*/true)));
}

Result<PendingDeletion> ParseLine(std::string_view line, const Origin& origin) {
  auto json = ParseJson(line, origin.path);
  const bool starts =
      json && json->IsArray() && json->Size() >= 2 && (*json)[0].IsString() && (*json)[1].IsInt64();
  if (!starts) return Damaged(origin);
  if (json->Size() == 2) return PendingDeletion::OfId(View((*json)[0]), (*json)[1].GetInt64());
  const bool good = json->Size() == 4 && (*json)[2].IsBool() && (*json)[3].IsString();
  if (!good) return Damaged(origin);
  return PendingDeletion{std::string(View((*json)[0])), (*json)[1].GetInt64(), (*json)[2].GetBool(),
                         std::string(View((*json)[3]))};
}

// Splits chunks into lines and calls `visit` with each deletion.
class LineReader {
 public:
  LineReader(const Origin& origin, const std::function<Result<void>(PendingDeletion)>& visit)
      : origin_(origin), visit_(visit) {}
  Result<void> operator()(std::string_view chunk) {
    rest_ += chunk;
    std::size_t start = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos;
         end = rest_.find('\n', start)) {
      TRY_ASSIGN(auto deletion,
                 ParseLine(std::string_view(rest_).substr(start, end - start), origin_));
      start = end + 1;
      TRY(visit_(std::move(deletion)));
    }
    rest_.erase(0, start);
    return {};
  }
  // Half a line at the end is damage.
  Result<void> End() const { return rest_.empty() ? Result<void>() : Damaged(origin_); }

 private:
  Origin origin_;
  const std::function<Result<void>(PendingDeletion)>& visit_;
  std::string rest_;
};

}  // namespace

PendingDeletions::PendingDeletions(DurableFiles& files, std::string path)
    : files_(files), path_(path), file_(files, std::move(path)) {}

void PendingDeletions::Remember(const PendingDeletion& deletion) {
  if (track_cover_ && deletion.subtree) cover_.insert(Hash64(deletion.path));
}

Result<void> PendingDeletions::Open(const SideFileExtent& extent) {
  cover_.clear();
  const std::function<Result<void>(PendingDeletion)> remember =
      [this](PendingDeletion deletion) -> Result<void> {
    Remember(deletion);
    return {};
  };
  LineReader lines({files_, path_}, remember);
  TRY(file_.Open(extent, 1, std::ref(lines)));
  return lines.End();
}

void PendingDeletions::Add(const PendingDeletion& deletion) {
  std::string line;
  AppendLine(deletion, line);
  file_.Append(line);
  Remember(deletion);
}

bool PendingDeletions::Covers(std::string_view path) const {
  if (cover_.empty()) return false;
  for (std::size_t end = path.size(); end != std::string_view::npos && end > 0;
       end = path.rfind('/', end - 1)) {
    if (cover_.count(Hash64(path.substr(0, end))) != 0) return true;
  }
  return false;
}

Result<void> PendingDeletions::ForEachBatch(
    std::size_t batch_size,
    const std::function<Result<void>(const std::vector<PendingDeletion>&)>& visit) {
  std::vector<PendingDeletion> batch;
  const auto give = [&]() -> Result<void> {
    if (batch.empty()) return {};
    auto done = visit(batch);
    batch.clear();
    return done;
  };
  const std::function<Result<void>(PendingDeletion)> collect =
      [&](PendingDeletion deletion) -> Result<void> {
    batch.push_back(std::move(deletion));
    return batch.size() < batch_size ? Result<void>() : give();
  };
  LineReader lines({files_, path_}, collect);
  TRY(file_.Read(1, std::ref(lines)));
  TRY(lines.End());
  return give();
}

}  // namespace dbxes::checkpoint
