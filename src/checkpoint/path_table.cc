// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/path_table.h"

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

namespace dbxes::checkpoint {
namespace {

constexpr std::size_t kFirstSize = 1024;

}  // namespace

PathTable::Word PathTable::MakeFolderMark(std::uint64_t path_hash) {
  const Word mark = path_hash & ~kIdentityMask;
  return mark == 0 ? Word{1} << kIdentityBits : mark;  // 0 is an empty slot
}

PathTable::Word PathTable::MakeWord(std::uint64_t path_hash, std::uint64_t id_hash,
                                    bool is_folder) {
  Word identity = id_hash & (kFileBit - 1);
  if (identity == 0) identity = 1;  // 0 marks folders
  return MakeFolderMark(path_hash) | identity | (is_folder ? 0 : kFileBit);
}

void PathTable::Prefetch(std::uint64_t path_hash) const {
  if (homes_ != 0) __builtin_prefetch(&slots_[HomeOf(MakeFolderMark(path_hash))], /*rw=*/1);
}

PathTable::Word& PathTable::Find(Word word) {
  const std::size_t end = homes_ + kBehind;
  for (std::size_t slot = HomeOf(word); slot < end; ++slot) {
    if (slots_[slot] == 0 || SamePlace(slots_[slot], word)) return slots_[slot];
  }
  return beyond_[word >> kIdentityBits];
}

void PathTable::Resize(std::size_t homes) {
  const std::size_t before = homes_ == 0 ? 0 : homes_ + kBehind;
  const std::size_t after = homes + kBehind;
  void* grown = std::realloc(slots_.get(), after * sizeof(Word));
  if (grown == nullptr) throw std::bad_alloc();
  static_cast<void>(slots_.release());  // realloc owns it now
  slots_.reset(static_cast<Word*>(grown));
  std::fill(slots_.get() + before, slots_.get() + after, Word{0});
  homes_ = homes;
}

// Each word moves to its old home or to the same offset in the new half. In the order of the slots
// no word ever gets a slot behind one that still has to move: all slots before it are final, and
// the new half has final words only.
void PathTable::Grow() {
  const std::size_t old = homes_;
  Resize(old == 0 ? kFirstSize : old * 2);
  std::vector<Word> late;  // their slots are at the beginning of the new half: inserted last
  for (std::size_t slot = old; old != 0 && slot < old + kBehind; ++slot) {
    if (slots_[slot] != 0) late.push_back(std::exchange(slots_[slot], 0));
  }
  for (const auto& [place, word] : std::exchange(beyond_, {})) late.push_back(word);
  for (std::size_t slot = 0; slot < old; ++slot) {
    if (const Word word = std::exchange(slots_[slot], 0); word != 0) Find(word) = word;
  }
  for (const Word word : late) Find(word) = word;
}

PathTable::Word PathTable::Put(Word word) {
  if (4 * (used_ + 1) > 3 * homes_) Grow();
  Word& slot = Find(word);
  const Word before = slot;
  if (before == 0) ++used_;
  if (before == 0 || IsFile(before) || !IsFolderMark(word)) slot = word;
  return before;
}

void PathTable::Clear() {
  slots_.reset();
  beyond_.clear();
  homes_ = used_ = 0;
}

}  // namespace dbxes::checkpoint
