// SPDX-License-Identifier: Apache-2.0
// Lists what is in a tar archive: ustar and pax (POSIX.1-2017, pax) with the long names of GNU tar,
// also compressed with gzip (RFC 1952).
#pragma once

#include <string_view>

#include "parsers/parsed_document.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

bool IsGzip(std::string_view bytes);
// Whether the bytes begin with the header of an entry, whose checksum is right.
bool IsTar(std::string_view bytes);

// Adds the names of the files in the archive. Of a file that is no archive and compressed with
// gzip, its name, if that is noted.
Parsed<void> ListTar(std::string_view bytes, const ParseLimits& limits, TextSink& sink);
Parsed<void> ListGzip(std::string_view bytes, const ParseLimits& limits, TextSink& sink);

}  // namespace dbxes::parsers
