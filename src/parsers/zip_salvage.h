// SPDX-License-Identifier: Apache-2.0
// Finds the entries of a zip file whose directory is missing or damaged, as that of a file that was
// not uploaded to its end. Each entry begins with a header of its own (APPNOTE.TXT, sections 4.3.7
// and 4.3.9).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dbxes::parsers {

// The file up to the end of its last entry, followed by a new directory; "" if there is no entry.
// The last entry may be incomplete, which shows when it is read to its end. At most `max_entries`
// are listed. Linear in the size of the file.
std::string WithNewDirectory(std::string_view bytes, std::uint64_t max_entries);

}  // namespace dbxes::parsers
