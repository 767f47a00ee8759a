// SPDX-License-Identifier: Apache-2.0
// libFuzzer's entry points. The environment variable FUZZ names the target, so that one program,
// linked once, has them all.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz/fuzz_target.h"

namespace {

dbxes::fuzz::TargetFunction chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const auto& targets = dbxes::fuzz::Targets();
  const char* name = std::getenv("FUZZ");
  const auto found = targets.find(name != nullptr ? name : "");
  if (found == targets.end()) {
    std::fprintf(stderr, "set FUZZ to one of:\n");
    for (const auto& target : targets) std::printf("%s\n", target.first.c_str());
    std::exit(2);
  }
  chosen = found->second;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen({reinterpret_cast<const char*>(data), size});
  return 0;
}
