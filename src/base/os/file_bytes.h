// SPDX-License-Identifier: Apache-2.0
// Reading and writing open files. Errors name `path`, with which the file was opened.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/os/descriptor.h"
#include "base/os/file_system.h"
#include "base/result.h"

namespace dbxes {

Result<void> WriteAll(int fd, std::string_view bytes, const std::string& path);
// At most `length` bytes from `offset`; fewer only at the end of the file.
Result<std::string> ReadAt(int fd, std::uint64_t offset, std::size_t length,
                           const std::string& path);
// Everything up to the end, from pipes and terminals, too; kInternal beyond `most` bytes.
Result<std::string> ReadToEnd(int fd, std::size_t most, const std::string& path);
// Appends to `file`, which is open with O_APPEND, after it is cut to `size` bytes. kInternal if it
// is shorter than that.
Result<std::unique_ptr<AppendFile>> AppendTo(std::shared_ptr<Descriptor> file, std::uint64_t size,
                                             const std::string& path);

}  // namespace dbxes
