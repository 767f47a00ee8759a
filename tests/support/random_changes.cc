// SPDX-License-Identifier: Apache-2.0
#include "support/random_changes.h"

#include <fmt/format.h>

#include <array>

namespace dbxes {
namespace {

constexpr std::array<const char*, 8> kFolders = {"a", "ab",  "b b",     "Ärger",
                                                 "x", "Foo", "foo bar", "日本"};
constexpr std::array<const char*, 8> kFiles = {"one.txt", "TWO.pdf", "naïve \"q\".md", "a",
                                               "x",       "foo.txt", "😀.csv",          ".hidden"};

}  // namespace

std::string RandomChanges::NewPath() {
  std::string path;
  for (std::size_t depth = Draw(3); depth > 0; --depth) {
    path += std::string("/") + kFolders[Draw(kFolders.size())];
  }
  return path + "/" + kFiles[Draw(kFiles.size())];
}

const sim::LiveItem* RandomChanges::Pick(const std::vector<sim::LiveItem>& items, sim::Kind kind) {
  std::vector<const sim::LiveItem*> fitting;
  for (const sim::LiveItem& item : items) {
    if (item.kind == kind) fitting.push_back(&item);
  }
  return fitting.empty() ? nullptr : fitting[Draw(fitting.size())];
}

void RandomChanges::Plant(int files) {
  for (int i = 0; i < files; ++i) Change();
  tree_.shares().AddReceivedFile("received.txt", "received");
}

void RandomChanges::Change() {
  sim::EventStyle style;
  style.deleted_last = Draw(2) == 0;
  style.new_rev_on_move = Draw(2) == 0;
  style.children = static_cast<sim::EventStyle::Children>(Draw(3));
  tree_.set_event_style(style);
  while (!TryChange()) {
  }
}

bool RandomChanges::TryChange() {
  ++count_;
  const std::size_t kind = Draw(100);
  try {
    if (kind < 35) {
      tree_.AddFile(NewPath(), fmt::format("content {}", Draw(1000)));
      return true;
    }
    if (kind < 70) return ChangeFile(static_cast<int>(Draw(8)));
    if (kind < 88) return ChangeFolder(static_cast<int>(Draw(5)));
    return ChangeSharing(static_cast<int>(Draw(7)));
  } catch (const sim::TreeError&) {
    return false;  // does not fit the tree as it is
  }
}

bool RandomChanges::ChangeFile(int kind) {
  const auto items = tree_.Snapshot();
  const sim::LiveItem* file = Pick(items, sim::Kind::kFile);
  if (file == nullptr) return false;
  const std::string path = file->path_display;
  switch (kind) {
    case 0:
      tree_.Overwrite(path, fmt::format("new {}", count_));
      return true;
    case 1:
      tree_.Touch(path);
      return true;
    case 2:
    case 3:
      tree_.Move(path, NewPath());
      return true;
    case 4:
      tree_.Copy(path, NewPath());
      return true;
    case 5:
      tree_.Delete(path);
      return true;
    case 6:  // the same name again, by another id
      tree_.Delete(path);
      tree_.AddFile(path, fmt::format("again {}", count_));
      return true;
    default:
      tree_.AddPaper(NewPath() + ".paper", fmt::format("# {}", count_));
      return true;
  }
}

bool RandomChanges::ChangeFolder(int kind) {
  const auto items = tree_.Snapshot();
  const sim::LiveItem* folder = Pick(items, sim::Kind::kFolder);
  if (folder == nullptr) return false;
  const std::string path = folder->path_display;
  switch (kind) {
    case 0:
      tree_.Move(path, NewPath() + " moved");
      return true;
    case 1:
      if (Draw(2) == 0) return false;  // whole folders go too often otherwise
      tree_.Delete(path);
      return true;
    case 2:
      tree_.ReplaceFolderByFile(path, "was a folder");
      return true;
    case 3:
      tree_.Delete(path);
      tree_.AddFile(path + "/fewer.txt", fmt::format("{}", count_));
      return true;
    default:
      tree_.DeleteUnseen(path + "/never was");
      return true;
  }
}

bool RandomChanges::ChangeSharing(int kind) {
  const auto items = tree_.Snapshot();
  const sim::LiveItem* folder = Pick(items, sim::Kind::kFolder);
  switch (kind) {
    case 0:
      if (folder == nullptr || !folder->shared_folder_id.empty()) return false;
      tree_.folders().ShareFolder(folder->path_display);
      return true;
    case 1:
      if (folder == nullptr || folder->shared_folder_id.empty()) return false;
      tree_.folders().Unmount(folder->path_display);
      unmounted_.push_back(folder->shared_folder_id);
      return true;
    case 2:
      if (unmounted_.empty()) return false;
      tree_.folders().Mount(unmounted_.back(), fmt::format("/mounted {}", count_));
      unmounted_.pop_back();
      return true;
    case 3:
      received_.push_back(
          tree_.shares().AddReceivedFile(fmt::format("r{}.docx", count_), "received"));
      return true;
    case 4:
      if (received_.empty()) return false;
      tree_.shares().RevokeReceivedFile(received_.back());
      received_.pop_back();
      return true;
    case 5:
      if (received_.empty()) return false;
      tree_.shares().MountReceivedFile(received_.back(), NewPath() + " received");
      received_.pop_back();
      return true;
    default:
      tree_.AddFolder(NewPath() + " folder");
      return true;
  }
}

}  // namespace dbxes
