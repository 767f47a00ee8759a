// SPDX-License-Identifier: Apache-2.0
// The file of a trace (--trace). It contains paths and contents of documents, so nobody else may
// read it.
#pragma once

#include <string>
#include <string_view>

#include "base/os/descriptor.h"
#include "base/result.h"

namespace dbxes {

class TraceFile {
 public:
  // Makes the file with mode 0600. An existing one is continued if it is a regular file of ours
  // that nobody else can read or write, and is not reached over a symbolic link. kConfig otherwise.
  static Result<TraceFile> Open(const std::string& path);

  // Appends one record and a newline.
  void Write(std::string record);
  // Why a record could not be written; "" if all were.
  const std::string& problem() const { return problem_; }

 private:
  TraceFile(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  Descriptor file_;
  std::string path_;
  std::string problem_;
};

}  // namespace dbxes
