// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/path_table.h"

#include "base/hash.h"

namespace dbxes {
namespace {

constexpr std::size_t kFirstSize = 1024;

}  // namespace

PathTable::Word PathTable::MakeFolderMark(std::string_view path) {
  const Word mark = Hash64(path) & ~kIdentityMask;
  return mark == 0 ? Word{1} << kIdentityBits : mark;  // 0 is an empty slot
}

PathTable::Word PathTable::MakeWord(std::string_view path, std::string_view id, bool is_folder) {
  Word identity = Hash64(id) & (kFileBit - 1);
  if (identity == 0) identity = 1;  // 0 marks folders
  return MakeFolderMark(path) | identity | (is_folder ? 0 : kFileBit);
}

PathTable::Word& PathTable::Find(Word word) {
  const std::size_t mask = slots_.size() - 1;
  // The place's bits are a good hash already; its upper part picks the slot.
  std::size_t slot = static_cast<std::size_t>(word >> kIdentityBits) & mask;
  while (slots_[slot] != 0 && !SamePlace(slots_[slot], word)) slot = (slot + 1) & mask;
  return slots_[slot];
}

void PathTable::Grow() {
  std::vector<Word> old(slots_.empty() ? kFirstSize : slots_.size() * 2);
  old.swap(slots_);
  for (const Word word : old) {
    if (word != 0) Find(word) = word;
  }
}

PathTable::Word PathTable::Put(Word word) {
  if (4 * (used_ + 1) > 3 * slots_.size()) Grow();
  Word& slot = Find(word);
  const Word before = slot;
  if (before == 0) ++used_;
  if (before == 0 || IsFile(before) || !IsFolderMark(word)) slot = word;
  return before;
}

void PathTable::Clear() {
  slots_ = {};
  used_ = 0;
}

}  // namespace dbxes
