// SPDX-License-Identifier: Apache-2.0
// A stand-in for a text extraction service, strict about the protocol: what Elastic's would refuse
// or not understand is a violation. Its "text" of a file are the bytes in capital letters.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "support/fake_network.h"
#include "support/memory_file_system.h"

namespace dbxes {

class FakeExtraction {
 public:
  static constexpr char kUrl[] = "http://extraction.test:8090";

  explicit FakeExtraction(MemoryFileSystem& files) : files_(files) {}
  FakeAnswer operator()(const FakeRequest& request);

  bool is_tika = false;
  int refusals = 0;  // of connections, before it is there
  // Answers in place of the service; nothing lets the service answer itself.
  std::function<std::optional<FakeAnswer>(const std::string& file)> intercept;

  std::vector<FakeRequest> requests;  // to read a file
  std::vector<std::string> violations;

 private:
  FakeAnswer Read(const FakeRequest& request);

  MemoryFileSystem& files_;
};

}  // namespace dbxes
