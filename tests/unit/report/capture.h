// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace dbxes::report {

// A stream into memory.
class Capture {
 public:
  Capture() : stream_(::open_memstream(&text_, &size_)) { REQUIRE(stream_ != nullptr); }
  ~Capture() {
    std::fclose(stream_);
    std::free(text_);
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  std::FILE* stream() { return stream_; }
  std::string Text() {
    std::fflush(stream_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* stream_;
};

}  // namespace dbxes::report
