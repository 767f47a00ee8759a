// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/side_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace dbxes::checkpoint {
namespace {

constexpr std::size_t kChunk = 1 << 20;

tl::unexpected<Error> Damaged(const DurableFiles& files, const std::string& path,
                              std::string_view why) {
  return Fail(ErrorKind::kConfig,
              fmt::format("state file {} is damaged ({}): {} and run dbx-es full-sync, which "
                          "rewrites only what differs",
                          path, why, files.HowToDiscard(/*with_checkpoint=*/true)));
}

}  // namespace

SideFile::SideFile(DurableFiles& files, std::string path)
    : files_(files), path_(std::move(path)), state_(XXH3_createState()) {
  XXH3_64bits_reset(state_.get());
}

Result<void> SideFile::Scan(const SideFileExtent& extent, std::size_t unit,
                            const std::function<Result<void>(std::string_view)>& visit) {
  XXH3_64bits_reset(state_.get());
  const std::size_t chunk_size = kChunk / unit * unit;
  for (std::uint64_t offset = 0; offset < extent.bytes; offset += chunk_size) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(chunk_size, extent.bytes - offset));
    auto chunk = files_.ReadRange(path_, offset, wanted);
    if (!chunk && chunk.error().kind != ErrorKind::kNotFound) return Fail(chunk.error());
    if (!chunk || chunk->size() != wanted) return Damaged(files_, path_, "its end is missing");
    XXH3_64bits_update(state_.get(), chunk->data(), chunk->size());
    TRY(visit(*chunk));
  }
  const bool intact = extent.bytes == 0 || XXH3_64bits_digest(state_.get()) == extent.hash;
  return intact ? Result<void>() : Damaged(files_, path_, "its content has changed");
}

Result<void> SideFile::Open(const SideFileExtent& extent, std::size_t unit,
                            const std::function<Result<void>(std::string_view)>& visit) {
  file_.reset();
  failure_.reset();
  ForgetUnwritten();
  unsynced_ = false;
  bytes_ = extent.bytes;
  TRY(Scan(extent, unit, visit));
  // An old file stays until something is written: a checkpoint on disk may count it.
  if (extent.bytes == 0) return {};
  TRY_ASSIGN(file_, files_.OpenAppend(path_, extent.bytes));
  return {};
}

void SideFile::Append(std::string_view bytes) {
  unwritten_ += bytes;
  bytes_ += bytes.size();
}

// Hashes many records at once: for a single one the call takes longer than the hash.
void SideFile::HashUnwritten() const {
  XXH3_64bits_update(state_.get(), unwritten_.data() + hashed_, unwritten_.size() - hashed_);
  hashed_ = unwritten_.size();
}

void SideFile::ForgetUnwritten() {
  unwritten_.clear();
  hashed_ = 0;
}

// After a failure the content of the file is unknown and may include a part of a write, so nothing
// is written to it again.
tl::unexpected<Error> SideFile::Break(Error error) {
  failure_ = std::move(error);
  return Fail(*failure_);
}

Result<void> SideFile::Flush() {
  if (failure_) return Fail(*failure_);
  if (unwritten_.empty()) return {};
  if (!file_) {
    TRY_ASSIGN(file_, files_.OpenAppend(path_, 0));
  }
  if (auto done = file_->Append(unwritten_); !done) return Break(std::move(done.error()));
  HashUnwritten();
  ForgetUnwritten();
  unsynced_ = true;
  return {};
}

Result<void> SideFile::Sync() {
  TRY(Flush());
  if (!unsynced_) return {};
  if (auto done = file_->Sync(); !done) return Break(std::move(done.error()));
  unsynced_ = false;
  return {};
}

SideFileExtent SideFile::extent() const {
  HashUnwritten();
  return {bytes_, bytes_ == 0 ? 0 : XXH3_64bits_digest(state_.get())};
}

Result<void> SideFile::Read(std::size_t unit,
                            const std::function<Result<void>(std::string_view)>& visit) {
  TRY(Flush());
  return Scan(extent(), unit, visit);
}

Result<void> SideFile::Remove() {
  file_.reset();
  ForgetUnwritten();
  unsynced_ = false;
  bytes_ = 0;
  XXH3_64bits_reset(state_.get());
  return files_.Remove(path_);
}

}  // namespace dbxes::checkpoint
