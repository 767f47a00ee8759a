// SPDX-License-Identifier: Apache-2.0
// A shell script in place of a program that reads files, such as pdftotext or tesseract. It may
// start no process, so it uses what the shell has.
#pragma once

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "base/os/temp_folder.h"

namespace dbxes::parsers {

class FakeProgram {
 public:
  explicit FakeProgram(const std::string& script) : path_(folder_.path() + "/program") {
    std::ofstream(path_) << "#!/bin/sh\n" << script << "\n";
    REQUIRE(::chmod(path_.c_str(), 0755) == 0);
  }
  const std::string& path() const { return path_; }

 private:
  TempFolder folder_;
  std::string path_;
};

}  // namespace dbxes::parsers
