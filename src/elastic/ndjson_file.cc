// SPDX-License-Identifier: Apache-2.0
#include "elastic/ndjson_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "elastic/ndjson_encoder.h"

namespace dbxes::elastic {
namespace {

constexpr std::size_t kFlushBytes = 1 << 20;

}  // namespace

Result<std::unique_ptr<NdjsonFile>> NdjsonFile::Open(const std::string& path) {
  std::FILE* file = path == "-" ? stdout : std::fopen(path.c_str(), "wbe");
  if (file == nullptr) {
    return Fail(ErrorKind::kConfig,
                fmt::format("cannot write --output {}: {}", path, std::strerror(errno)));
  }
  return std::unique_ptr<NdjsonFile>(new NdjsonFile(file, path));
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
  ++counters_.created;
  return buffer_.size() < kFlushBytes ? Result<void>() : Drain();
}

Result<void> NdjsonFile::Drain() {
  const bool written = std::fwrite(buffer_.data(), 1, buffer_.size(), file_) == buffer_.size();
  buffer_.clear();
  if (written && std::fflush(file_) == 0) return {};
  return Fail(ErrorKind::kInternal,
              fmt::format("cannot write --output {}: {}", path_, std::strerror(errno)));
}

}  // namespace dbxes::elastic
