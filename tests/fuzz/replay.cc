// SPDX-License-Identifier: Apache-2.0
// Runs every target over its stored inputs: the seeds, and what once made a target fail.
// Usage: fuzz_replay FOLDER, where FOLDER has corpus/TARGET/ and failures/TARGET/.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/fuzz_target.h"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The name is printed first: it is the last line when the target crashes.
void Replay(dbxes::fuzz::TargetFunction target, const std::vector<fs::path>& files) {
  for (const fs::path& path : files) {
    std::printf("%s\n", path.c_str());
    std::fflush(stdout);
    target(ReadFile(path));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_replay FOLDER\n");
    return 2;
  }
  const fs::path folder = argv[1];
  bool complete = true;
  for (const auto& [name, target] : dbxes::fuzz::Targets()) {
    const auto seeds = FilesIn(folder / "corpus" / name);
    if (seeds.empty()) {
      std::fprintf(stderr, "%s has no seeds in %s/corpus\n", name.c_str(), folder.c_str());
      complete = false;
    }
    target({});
    Replay(target, seeds);
    Replay(target, FilesIn(folder / "failures" / name));
  }
  return complete ? 0 : 1;
}
