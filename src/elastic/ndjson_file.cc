// SPDX-License-Identifier: Apache-2.0
#include "elastic/ndjson_file.h"

#include <fmt/format.h>
#include <stdio_ext.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include "base/ascii_run.h"
#include "base/os/output_file.h"
#include "base/safe_text.h"
#include "elastic/ndjson_encoder.h"

namespace dbxes::elastic {
namespace {

constexpr std::size_t kFlushBytes = 1 << 20;

Result<Descriptor> OpenEmpty(const std::string& path) {
  TRY_ASSIGN(Descriptor file, OpenPrivateFile(path));
  TRY(EmptyFile(file.get()));
  return file;
}

// As after `| head`: the reader has what it wants. What is left in the buffer must not count as
// another failure at the end of the program.
Error ReaderHasGone() {
  __fpurge(stdout);
  std::clearerr(stdout);
  Error error{ErrorKind::kInterrupted, "the reader of standard output has ended"};
  error.signal = SIGPIPE;
  return error;
}

}  // namespace

Result<std::unique_ptr<NdjsonFile>> NdjsonFile::Open(
    const std::string& path, std::function<void(const report::Change&)> on_change) {
  if (path == "-") {
    return std::unique_ptr<NdjsonFile>(new NdjsonFile(stdout, path, std::move(on_change)));
  }
  auto opened = OpenEmpty(path);
  if (!opened) {
    return Fail(ErrorKind::kConfig,
                fmt::format("cannot write --output {}: {}", path, opened.error().message));
  }
  std::FILE* file = ::fdopen(opened->Release(), "wb");
  return std::unique_ptr<NdjsonFile>(new NdjsonFile(file, path, std::move(on_change)));
}

NdjsonFile::~NdjsonFile() {
  if (file_ != stdout) std::fclose(file_);
}

Result<void> NdjsonFile::Add(const BulkAction& action) {
  if (action.kind == BulkAction::kDelete) {
    return Fail(ErrorKind::kInternal, "a deletion has no meaning in --output");
  }
  // Whatever an index holds, the file is to be what it holds afterwards: without conditions.
  BulkAction plain = action;
  plain.kind = BulkAction::kIndex;
  plain.version = {};
  AppendNdjson(plain, buffer_);
  if (action.change && on_change_) changes_.push_back(action.change);
  ++counters_.created;
  return buffer_.size() < kFlushBytes ? Result<void>() : Drain();
}

Result<void> NdjsonFile::Drain() {
  // A terminal may show it, and some programs take U+2028 in a name for the end of a line.
  if (PrintableRun(buffer_, 0, '\0') != buffer_.size()) buffer_ = SafeJson(buffer_);
  const bool written = std::fwrite(buffer_.data(), 1, buffer_.size(), file_) == buffer_.size();
  buffer_.clear();
  if (written && std::fflush(file_) == 0) {
    for (const auto& change : changes_) on_change_(*change);
    changes_.clear();
    return {};
  }
  if (errno == EPIPE && file_ == stdout) return Fail(ReaderHasGone());
  return Fail(ErrorKind::kInternal,
              fmt::format("cannot write --output {}: {}", path_, std::strerror(errno)));
}

}  // namespace dbxes::elastic
